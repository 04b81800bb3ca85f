/** The processes that make up a browser. */
import {
	type ChildProcess,
	type SpawnOptions,
	spawn,
} from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";

/** Where a program is; undefined where it is not installed. */
export function findProgram(
	name: string,
	folders = (process.env.PATH ?? "").split(delimiter),
): string | undefined {
	return folders
		.map((folder) => join(folder, name))
		.find((path) => existsSync(path));
}

/** Starts one that does not outlive this process, however that ends. */
export function launch(
	program: string,
	args: readonly string[],
	options: SpawnOptions,
): ChildProcess {
	const child = spawn(program, args, options);
	const kill = () => child.kill("SIGKILL");
	process.once("exit", kill);
	child.once("exit", () => process.off("exit", kill));
	return child;
}

/** Ends a process, and resolves once it is gone. */
export async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = once(child, "exit");
	child.kill();
	// One that does not heed it.
	const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
	await exited;
	clearTimeout(timer);
}

/** What a stream writes that matches, from the beginning. */
export function waitFor(
	child: ChildProcess,
	stream: unknown,
	pattern: RegExp,
): Promise<string> {
	return new Promise((resolve, reject) => {
		let written = "";
		(stream as Readable).on("data", (chunk: Buffer) => {
			written += chunk;
			const found = pattern.exec(written)?.[1];
			if (found !== undefined) resolve(found);
		});
		child.once("error", reject);
		child.once("exit", () =>
			reject(new Error(`${child.spawnfile} ended:\n${written}`)),
		);
	});
}

/** A screen that nobody sees. */
export interface Screen {
	readonly display: string;
	close(): Promise<void>;
}

export async function startScreen(): Promise<Screen> {
	const args = ["-displayfd", "3", "-nolisten", "tcp"];
	const child = launch("Xvfb", [...args, "-screen", "0", "1400x1400x24"], {
		stdio: ["ignore", "ignore", "ignore", "pipe"],
	});
	const found = await waitFor(child, child.stdio[3], /(\d+)\n/);
	return { display: `:${found}`, close: () => end(child) };
}
