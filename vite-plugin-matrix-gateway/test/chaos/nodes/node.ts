/** A sidecar as a process, at one port for as long as a trial lasts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayStatus } from "../../../src/core/edge/status.ts";
import { type Child, start } from "../../support/child.ts";
import { freePort } from "../../support/ports.ts";
import { SIDECAR_FILE } from "../../support/sidecar.ts";
import { until } from "../../support/until.ts";

export interface Node {
	readonly port: number;
	/** Of its WebSocket. */
	readonly url: string;
	/** Whether it has been started and not ended since. */
	readonly isUp: boolean;
	/** Starts it, as for the first time; resolves when it serves. */
	start(): Promise<void>;
	/** Ends it without a word (SIGKILL). */
	kill(): Promise<void>;
	/** Stops it in its tracks (SIGSTOP). */
	pause(): void;
	/** It goes on (SIGCONT). */
	unpause(): void;
	/** Ends it as an operator does (SIGTERM); resolves to its exit code. */
	stop(): Promise<number | NodeJS.Signals | null>;
	/** What it tells of itself and of all [HTTP1]. */
	status(): Promise<GatewayStatus>;
	/** All that it has printed, of all its processes. */
	logs(): string;
}

/** @param flags Besides host, port and the log's format. */
export async function createNode(flags: readonly string[]): Promise<Node> {
	const port = await freePort();
	const own = ["--host=127.0.0.1", `--port=${port}`, "--log-format=json"];
	const before: string[] = [];
	let child: Child | undefined;

	async function end(signal: NodeJS.Signals) {
		const code = (await child?.exit(signal)) ?? null;
		if (child) before.push(child.logs());
		child = undefined;
		return code;
	}

	async function isReady(): Promise<boolean> {
		await sleep(20);
		return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
	}

	return {
		port,
		url: `ws://127.0.0.1:${port}/ws/matrix`,
		get isUp() {
			return child !== undefined;
		},
		async start() {
			child = start(process.execPath, [SIDECAR_FILE, ...own, ...flags]);
			await child.printed(/"event":"listening"/);
			await until(isReady, Boolean);
		},
		async kill() {
			await end("SIGKILL");
		},
		pause: () => void child?.process.kill("SIGSTOP"),
		unpause: () => void child?.process.kill("SIGCONT"),
		stop: () => end("SIGTERM"),
		async status() {
			const url = `http://127.0.0.1:${port}/api/gateway/status`;
			return (await (await fetch(url)).json()) as GatewayStatus;
		},
		logs: () => [...before, child?.logs() ?? ""].join(""),
	};
}
