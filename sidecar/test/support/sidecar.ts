/** The built sidecar with any arguments, in an environment of its own. */
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
	type Child,
	start,
} from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import { LONG_SILENCE } from "../../../vite-plugin-matrix-gateway/test/support/silence.ts";

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface Sidecar {
	readonly child: Child;
	/** `ws://127.0.0.1:<port>`, without a path. */
	readonly wsUrl: string;
	/** Without a slash at its end. */
	readonly httpUrl: string;
	/** All lines of the log, parsed. */
	lines(): LogLine[];
	/** Waits for a line of an event, and returns it. */
	logged(event: string): Promise<LogLine>;
}

export interface SidecarOptions {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly file?: string;
	/** What it reads from its standard input. */
	readonly input?: string;
	/** What the shell's `ulimit` is told for the process, such as `-n 1024`. */
	readonly ulimit?: string;
}

export const SIDECAR_FILE: string = fileURLToPath(
	new URL("../../dist/server.js", import.meta.url),
);

/** On a free port of this machine, and patient with who has just connected. */
export const LOCAL: readonly string[] = [
	"--host=127.0.0.1",
	"--port=0",
	`--register-timeout=${LONG_SILENCE}`,
];

/** Starts it with exactly these arguments; it ends with the test at the latest. */
export function run(
	args: readonly string[],
	{ cwd, env = {}, file = SIDECAR_FILE, ulimit, input }: SidecarOptions = {},
): Child {
	const command = [process.execPath, file, ...args];
	const [program = "", ...given] = ulimit
		? ["sh", "-c", `ulimit ${ulimit}; exec "$@"`, "sh", ...command]
		: command;
	const child = start(program, given, {
		...(cwd && { cwd }),
		...(input !== undefined && { input }),
		env,
	});
	onTestFinished(async () => {
		await child.exit("SIGKILL");
	});
	return child;
}

/** Starts it on a free port of this machine, and waits until it listens. */
export async function startSidecar(
	args: readonly string[] = [],
	options?: SidecarOptions,
): Promise<Sidecar> {
	const child = run([...LOCAL, ...args], options);
	const { port } = await logged("listening");
	return {
		child,
		wsUrl: `ws://127.0.0.1:${port}`,
		httpUrl: `http://127.0.0.1:${port}`,
		lines,
		logged,
	};

	function lines(): LogLine[] {
		const complete = child.logs().split("\n").slice(0, -1);
		return complete.map((line) => JSON.parse(line));
	}

	async function logged(event: string): Promise<LogLine> {
		const [line] = await child.printed(
			new RegExp(`^.*"event":"${event}".*(?=\n)`, "m"),
		);
		return JSON.parse(line);
	}
}
