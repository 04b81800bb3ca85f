/** A process of Python with agents in it that talk until they are told to be quiet. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Python } from "../python/pythons.ts";

const SCRIPT = fileURLToPath(new URL("python-agents.py", import.meta.url));

const COMPLAINT =
	/.*(?:Traceback|Error:|never (?:retrieved|awaited)|unclosed).*/g;

/** What one agent says of itself. Counts are by target, "" being all, and by sender and kind. */
export interface Report {
	readonly agentId: string;
	readonly state: string;
	readonly sent: Readonly<Record<string, number>>;
	readonly got: Readonly<Record<string, number>>;
	readonly faults: readonly string[];
	readonly beginnings: readonly string[];
	readonly agents: readonly string[];
	/** How many receipts it asked for, how many it has, and which of them cannot be. */
	readonly asked: number;
	readonly receipts: number;
	readonly bad: readonly string[];
}

export interface PythonAgents {
	talk(): void;
	/** From here on nothing new is said. */
	quiet(): Promise<void>;
	report(): Promise<readonly Report[]>;
	/** They leave; how many tasks were left by then. */
	end(): Promise<string>;
	kill(): void;
	/** What Python has to say of tasks that failed, or were forgotten. */
	complaints(): string[];
}

export function startPythonAgents(
	{ command, env }: Python,
	args: readonly string[],
): PythonAgents {
	const child = spawn(command, ["-X", "dev", SCRIPT, ...args], {
		env: { ...process.env, ...env },
	});
	let complaints = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		complaints += text;
	});
	const lines = createInterface({ input: child.stdout })[
		Symbol.asyncIterator
	]();

	async function ask(line: string): Promise<string> {
		child.stdin.write(`${line}\n`);
		const { value, done } = await lines.next();
		if (done) throw new Error("the agents' process has ended");
		return value;
	}

	return {
		talk: () => void child.stdin.write("talk\n"),
		async quiet() {
			await ask("quiet");
		},
		report: async () => JSON.parse(await ask("report")),
		async end() {
			const told = await ask("end");
			if (child.exitCode === null) await once(child, "exit");
			return told;
		},
		kill: () => void child.kill("SIGKILL"),
		complaints: () => complaints.match(COMPLAINT) ?? [],
	};
}
