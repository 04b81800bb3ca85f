/** The built sidecar as trials watch it: its memory, its log, what the system has open for it. */
import { readdirSync, readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { start } from "../support/child.ts";
import type { Status } from "../support/gateway.ts";
import { request } from "../support/request.ts";
import { SIDECAR_FILE } from "../support/sidecar.ts";

const INSIDE = new URL("./inside.mjs", import.meta.url).href;

export interface TrialSidecar {
	readonly url: string;
	status(): Promise<Status>;
	/** What its heap has after a collection, in bytes, and how many timers run in it. */
	inside(): Promise<Inside>;
	/** Bytes of memory that the process has. */
	memory(): number;
	/** Files and sockets that it has open. */
	handles(): number;
	/** How many lines of its log hold a text. */
	logged(text: string): number;
}

export interface Inside {
	readonly heap: number;
	readonly timers: number;
}

/**
 * It ends with the test.
 * @param token That asks for its status.
 */
export async function startSidecar(
	flags: readonly string[] = [],
	token?: string,
): Promise<TrialSidecar> {
	const fixed = ["--host", "127.0.0.1", "--port", "0", "--log-format", "json"];
	const node = ["--expose-gc", "--import", INSIDE];
	const args = [...node, SIDECAR_FILE, ...fixed, ...flags];
	const child = start(process.execPath, args);
	onTestFinished(async () => {
		await child.exit("SIGKILL");
	});
	const [, port] = await child.printed(/127\.0\.0\.1:(\d+)\//);
	const { pid, stdout } = child.process;
	const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
	return {
		url: `ws://127.0.0.1:${port}/ws/matrix`,
		async status() {
			const url = `http://127.0.0.1:${port}/api/gateway/status`;
			// Not by `fetch`, whose connection stays, and its timer with it.
			const headers = token && { authorization: `Bearer ${token}` };
			return JSON.parse((await request(url, headers || {})).body) as Status;
		},
		inside() {
			// Not from all that it has logged, which is more each time.
			const told = new Promise<Inside>((resolve) => {
				const look = (chunk: string) => {
					const found = /^inside (\{.*\})$/m.exec(chunk)?.[1];
					if (found === undefined) return;
					stdout?.off("data", look);
					resolve(JSON.parse(found));
				};
				stdout?.on("data", look);
			});
			child.process.kill("SIGUSR2");
			return told;
		},
		memory: () =>
			Number(/VmRSS:\s+(\d+)/.exec(read("status"))?.[1] ?? 0) * 1024,
		handles: () => readdirSync(`/proc/${pid}/fd`).length,
		logged: (text) => child.logs().split(text).length - 1,
	};
}
