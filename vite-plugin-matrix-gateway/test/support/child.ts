/** Programs that tests start as a person would. */
import { type ChildProcess, spawn } from "node:child_process";
import { withoutColors } from "./colors.ts";

export interface Child {
	readonly process: ChildProcess;
	/** All that it has printed, without colours. */
	logs(): string;
	/** Waits until it prints what matches. */
	printed(pattern: RegExp): Promise<RegExpExecArray>;
	/** Sends a signal, if one is given, and resolves to how it ends. */
	exit(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export interface StartOptions {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
	/** What it reads from its standard input. */
	readonly input?: string;
}

/** How long a test waits for a line, on a machine that is busy with other tests. */
const PATIENCE = 20_000;

/** Starts a program; it does not outlive this process. */
export function start(
	command: string,
	args: readonly string[],
	{ cwd, env = {}, input = "" }: StartOptions = {},
): Child {
	const child = spawn(command, args, {
		cwd,
		env: { ...process.env, NO_COLOR: "1", ...env },
		stdio: "pipe",
	});
	const kill = () => child.kill("SIGKILL");
	process.once("exit", kill);
	// A program that ends without having read it all is none of our business.
	child.stdin.on("error", () => {}).end(input);
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			output += withoutColors(text);
			child.emit("printed");
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

	function printed(pattern: RegExp): Promise<RegExpExecArray> {
		return new Promise((resolve, reject) => {
			const look = () => {
				const match = pattern.exec(output);
				if (match) settle(() => resolve(match));
			};
			const fail = () =>
				settle(() => reject(new Error(`no ${pattern} in:\n${output}`)));
			const timer = setTimeout(fail, PATIENCE);
			function settle(done: () => void): void {
				clearTimeout(timer);
				child.off("printed", look).off("close", fail);
				done();
			}
			child.on("printed", look).once("close", fail);
			look();
		});
	}

	return {
		process: child,
		logs: () => output,
		printed,
		exit(signal) {
			if (signal) child.kill(signal);
			return ended;
		},
	};
}
