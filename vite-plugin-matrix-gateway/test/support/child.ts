/** Programs that tests start as a person would. */
import { type ChildProcess, spawn } from "node:child_process";
import { withoutColors } from "./colors.ts";
import { until } from "./until.ts";

export interface Child {
	readonly process: ChildProcess;
	/** All that it has printed, without colours. */
	logs(): string;
	/** Waits until it prints what matches. */
	printed(pattern: RegExp): Promise<RegExpExecArray>;
	/** Sends a signal, if one is given, and resolves to how it ends. */
	exit(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts a program; it does not outlive this process. */
export function start(
	command: string,
	args: readonly string[],
	{ cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Child {
	const child = spawn(command, args, {
		cwd,
		env: { ...process.env, NO_COLOR: "1", ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const kill = () => child.kill("SIGKILL");
	process.once("exit", kill);
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			output += withoutColors(text);
		});
	const ended = new Promise<number | NodeJS.Signals | null>(
		(resolve, reject) => {
			child.once("error", reject);
			child.once("close", (code, signal) => {
				process.off("exit", kill);
				resolve(signal ?? code);
			});
		},
	);

	return {
		process: child,
		logs: () => output,
		async printed(pattern) {
			const look = () => pattern.exec(output);
			const isDone = (match: RegExpExecArray | null) =>
				match !== null || child.exitCode !== null;
			const match = await until(look, isDone);
			if (match) return match;
			throw new Error(`it ended without printing ${pattern}:\n${output}`);
		},
		exit(signal) {
			if (signal) child.kill(signal);
			return ended;
		},
	};
}
