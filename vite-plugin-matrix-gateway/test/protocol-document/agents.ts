/** Starts the agents that PROTOCOL.md prints, taken from there as a reader would, and the playground's in Python. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Child, start } from "../support/child.ts";
import { CLIENT, findPython } from "../support/python.ts";
import { readBlocks } from "./document.ts";

export const PYTHON = findPython("import websockets")?.command;
export const IS_SKIPPED = !PYTHON && !process.env.CI;

const TIMMY = fileURLToPath(
	new URL("../../../playground/agents/timmy.py", import.meta.url),
);

/** What an agent is told. */
export interface Told {
	readonly url: string;
	readonly token?: string | undefined;
	readonly env?: Readonly<Record<string, string>>;
	/** Makes other code of its own. */
	readonly edit?: (code: string) => string;
	/** Where it prints to, as bash is told. */
	readonly output?: string;
}

export type Run = (name: string, told: Told) => Child;

/** Runs the agent that stands below a heading. */
export function runPython(heading: string, told: Told): Child {
	const [code = ""] = readBlocks(heading, "python");
	return startPython(["-c", told.edit?.(code) ?? code], environment(told));
}

export function runTimmy(
	_name: string,
	{ url, token = "", env = {}, edit, output }: Told,
): Child {
	const who = ["--url", url, "--agent-id", "echo"];
	if (token) who.push("--token", token);
	if (!edit) return startPython([TIMMY, ...who], env, output);
	const code = edit(readFileSync(TIMMY, "utf8"));
	// Elsewhere than beside the client, which it then has to be shown.
	const folder = mkdtempSync(join(tmpdir(), "timmy-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "timmy.py");
	writeFileSync(file, code);
	return startPython(
		[file, ...who],
		{ ...env, PYTHONPATH: pythonPath() },
		output,
	);
}

export function runNode(heading: string, told: Told): Child {
	const [code = ""] = readBlocks(heading, "js");
	const args = ["--input-type=module", "--eval", code];
	// From here the code finds ws.
	return start("node", args, {
		cwd: import.meta.dirname,
		env: environment(told),
	});
}

function startPython(
	args: string[],
	env: Readonly<Record<string, string>>,
	output?: string,
): Child {
	if (!PYTHON) throw new Error("In CI a Python with `websockets` is needed.");
	if (!output) return start(PYTHON, args, { env });
	// In the shell's place: who ends it ends the agent.
	const shell = `exec "$0" "$@" ${output}`;
	return start("bash", ["-c", shell, PYTHON, ...args], { env });
}

/** Where Python finds the client, and what this process has it find. */
export function pythonPath(): string {
	return [CLIENT, process.env.PYTHONPATH ?? ""].join(delimiter);
}

function environment({ url, token = "", env }: Told): Record<string, string> {
	return { MATRIX_URL: url, MATRIX_TOKEN: token, ...env };
}
