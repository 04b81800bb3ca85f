/** A Redis of a test's own: a `redis-server` on a free port, in a folder that goes with it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { type Child, start } from "./child.ts";
import { freePort } from "./ports.ts";
import { until } from "./until.ts";

/**
 * Whether there is no `redis-server`, so that what needs one is skipped by name. Where CI is set
 * nothing is: there it has to be installed.
 */
export const IS_REDIS_MISSING: boolean =
	!process.env.CI &&
	spawnSync("redis-server", ["--version"]).error !== undefined;

export interface RedisServer {
	readonly port: number;
	/** `redis://127.0.0.1:<port>`, with the password if it has one. */
	readonly url: string;
	/** What one command answers, on a connection of its own. */
	command(...words: readonly string[]): Promise<unknown>;
	/** Stops it in its tracks (SIGSTOP); its connections stay. */
	pause(): void;
	/** It goes on (SIGCONT). */
	unpause(): void;
	/** Ends it without a word (SIGKILL). */
	kill(): Promise<void>;
	/** Starts it again on its port and in its folder: with what it had where it writes a log, empty where not. */
	restart(): Promise<void>;
	/** Ends it, paused or not, and removes its folder. */
	stop(): Promise<void>;
}

export interface RedisServerOptions {
	/** Whether it writes a log of all commands, each before its answer, so that a kill loses nothing. */
	readonly aof?: boolean;
	readonly password?: string;
	/** Default: a free one. */
	readonly port?: number;
	/** Whose replica it is. */
	readonly replicaOf?: RedisServer;
	/** More of its settings, as arguments: `["--maxmemory", "10mb"]`. */
	readonly settings?: readonly string[];
}

/** Starts one, and waits until it answers. */
export async function startRedis(
	options: RedisServerOptions = {},
): Promise<RedisServer> {
	const folder = mkdtempSync(join(tmpdir(), "matrix-redis-"));
	const { port = await freePort() } = options;
	const url = urlOf(port, options.password);
	let child = await begin();

	async function begin(): Promise<Child> {
		const own = ["--port", `${port}`, "--dir", folder];
		const started = start("redis-server", [...own, ...settingsOf(options)]);
		await started.printed(/Ready to accept connections/);
		if (options.replicaOf) await until(isLinked, Boolean);
		return started;
	}

	async function isLinked(): Promise<boolean> {
		const answer = await ask(url, ["INFO", "replication"]);
		return /master_link_status:up/.test(String(answer));
	}

	async function kill(): Promise<void> {
		// A process that is stopped ends by this all the same.
		await child.exit("SIGKILL");
	}

	return {
		port,
		url,
		command: (...words) => ask(url, words),
		pause: () => void child.process.kill("SIGSTOP"),
		unpause: () => void child.process.kill("SIGCONT"),
		kill,
		async restart() {
			child = await begin();
		},
		async stop() {
			await kill();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function settingsOf(options: RedisServerOptions): string[] {
	const { aof = false, password, replicaOf, settings = [] } = options;
	return [
		...["--bind", "127.0.0.1", "--save", "", "--repl-diskless-sync-delay", "0"],
		...["--appendonly", aof ? "yes" : "no", "--appendfsync", "always"],
		...(password ? ["--requirepass", password] : []),
		...(replicaOf ? ["--replicaof", "127.0.0.1", `${replicaOf.port}`] : []),
		...settings,
	];
}

function urlOf(port: number, password?: string): string {
	return `redis://${password ? `:${password}@` : ""}127.0.0.1:${port}`;
}

/** Gives up at the first error: the server is there, or the test is wrong. */
async function ask(url: string, words: readonly string[]): Promise<unknown> {
	const client = createClient({ url, socket: { reconnectStrategy: false } });
	// What goes wrong is the rejection of what was asked.
	client.on("error", () => {});
	await client.connect();
	try {
		return await client.sendCommand(words);
	} finally {
		client.destroy();
	}
}
