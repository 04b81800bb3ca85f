/** The built sidecar as trials watch it: its memory, its log, what the system has open for it. */
import { readdirSync, readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { start } from "../support/child.ts";
import type { Status } from "../support/gateway.ts";
import { SIDECAR_FILE } from "../support/sidecar.ts";

export interface TrialSidecar {
	readonly url: string;
	status(): Promise<Status>;
	/** Bytes of memory that the process has. */
	memory(): number;
	/** Files and sockets that it has open. */
	handles(): number;
	/** How many lines of its log hold a text. */
	logged(text: string): number;
}

/** It ends with the test. */
export async function startSidecar(
	flags: readonly string[] = [],
): Promise<TrialSidecar> {
	const fixed = ["--host", "127.0.0.1", "--port", "0", "--log-format", "json"];
	const child = start(process.execPath, [SIDECAR_FILE, ...fixed, ...flags]);
	onTestFinished(async () => {
		await child.exit("SIGTERM");
	});
	const [, port] = await child.printed(/127\.0\.0\.1:(\d+)\//);
	const { pid } = child.process;
	const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
	return {
		url: `ws://127.0.0.1:${port}/ws/matrix`,
		async status() {
			const url = `http://127.0.0.1:${port}/api/gateway/status`;
			return (await (await fetch(url)).json()) as Status;
		},
		memory: () =>
			Number(/VmRSS:\s+(\d+)/.exec(read("status"))?.[1] ?? 0) * 1024,
		handles: () => readdirSync(`/proc/${pid}/fd`).length,
		logged: (text) => child.logs().split(text).length - 1,
	};
}
