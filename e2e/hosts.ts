/** Starts each host as a user would: a process of its own, on a port of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export type HostKind = "dev" | "preview" | "sidecar";

/** A running host. */
export interface Host {
	/** The page. */
	readonly url: string;
	/** The gateway. */
	readonly gatewayUrl: string;
	readonly port: number;
	/** All that it printed. */
	output(): string;
	/** Ends it as an operator would, and resolves to its exit code. */
	stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** How to start one. */
export interface HostSetup {
	/** 0 is any that is free. */
	readonly port?: number;
	readonly environment?: Readonly<Record<string, string>>;
	/** Of the sidecar's. */
	readonly flags?: readonly string[];
}

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const VITE = require
	.resolve("vite/package.json")
	.replace(/package\.json$/, "bin/vite.js");

/** Starts a host, and resolves once it listens. */
export async function startHost(
	kind: HostKind,
	{ port = 0, environment = {}, flags = [] }: HostSetup = {},
): Promise<Host> {
	const { file, args, directory } = command(kind, port);
	return run(kind, file, [...args, ...flags], directory, environment);
}

/** Starts `vite dev` in an app's folder. */
export function startVite(directory: string): Promise<Host> {
	return run("dev", VITE, ["--port", "0"], directory, {});
}

async function run(
	kind: HostKind,
	file: string,
	args: readonly string[],
	cwd: string,
	environment: Readonly<Record<string, string>>,
): Promise<Host> {
	const child = spawn(process.execPath, [file, ...args], {
		cwd,
		stdio: ["pipe", "pipe", "pipe"],
		env: { ...process.env, NO_COLOR: "1", MATRIX_DEMO: "0", ...environment },
	});
	let output = "";
	const listening = new Promise<number>((resolve, reject) => {
		const read = (chunk: Buffer) => {
			output += chunk;
			const found = /http:\/\/[^\s/:"]+:(\d+)\//.exec(output)?.[1];
			if (found) resolve(Number(found));
		};
		child.stdout.on("data", read);
		child.stderr.on("data", read);
		child.once("exit", () => reject(new Error(`${kind} ended:\n${output}`)));
	});
	const found = await listening;
	return {
		url: `http://localhost:${found}/`,
		gatewayUrl: `ws://localhost:${found}/ws/matrix`,
		port: found,
		output: () => output,
		stop: (signal = "SIGTERM") => stop(child, signal),
	};
}

function command(kind: HostKind, port: number) {
	const listen = ["--port", String(port)];
	if (kind === "sidecar")
		return {
			file: `${root}sidecar/dist/server.js`,
			args: [
				...listen,
				"--host",
				"127.0.0.1",
				"--static",
				"playground/dist",
				"--retain",
				"matrix",
			],
			directory: root,
		};
	return {
		file: VITE,
		args: [...(kind === "preview" ? ["preview"] : []), ...listen],
		directory: `${root}playground`,
	};
}

async function stop(
	child: ChildProcess,
	signal: NodeJS.Signals,
): Promise<number | null> {
	if (child.exitCode !== null) return child.exitCode;
	const exited = once(child, "exit");
	child.kill(signal);
	const [code] = (await exited) as [number | null];
	return code;
}
