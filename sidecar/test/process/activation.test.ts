/** A socket that is handed to the process, by whoever holds it open while that restarts. */
import { spawnSync } from "node:child_process";
import { get } from "node:http";
import { fileURLToPath } from "node:url";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
	type Child,
	start,
} from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { run, SIDECAR_FILE } from "../support/sidecar.ts";

const HOLDER = fileURLToPath(
	new URL("../support/socket-holder.py", import.meta.url),
);

/** Where CI is set nothing is skipped. */
const isMissing =
	process.platform === "win32" ||
	(!process.env.CI && spawnSync("python3", ["--version"]).error !== undefined);

describe.skipIf(isMissing)("a socket that is handed over", () => {
	test("a restart refuses nobody, and agents come back to the next process", async () => {
		const { holder, port } = await startHeld(["--reconnect-after=100"]);
		const url = `ws://127.0.0.1:${port}/ws/matrix`;
		const client = createMatrixClient({ url, agentId: "ada", WebSocket });
		onTestFinished(() => client.dispose());
		await until(() => client.state.status, isOnline);
		const visitors = keepVisiting(port);
		for (let round = 1; round <= 3; round++) {
			const first = lastPid(holder);
			const before = visitors.answers;
			process.kill(first, "SIGTERM");
			await until(
				() => lastPid(holder),
				(pid) => pid !== first,
			);
			await until(
				() => visitors.answers,
				(answers) => answers > before + 20,
				20_000,
			);
			await until(() => client.state.status, isOnline);
		}
		expect(await visitors.stop()).toEqual([]);
		expect(holder.logs().match(/^ended 0$/gm)).toHaveLength(3);
	}, 60_000);

	test("--host and --port say nothing then, and the log where it is", async () => {
		const { holder, port } = await startHeld(["--host=192.0.2.1"]);
		expect(holder.logs()).toContain(`"host":"127.0.0.1","port":${port}`);
	});
});

test("one that is for another process is left alone", async () => {
	const child = run(["--host=127.0.0.1", "--port=0"], {
		env: { LISTEN_FDS: "1", LISTEN_PID: "1" },
	});
	await child.printed(/"event":"listening"/);
	expect(await child.exit("SIGTERM")).toBe(0);
});

test("what is no socket ends with 1 and one line", async () => {
	const script = `process.env.LISTEN_PID = process.pid; process.env.LISTEN_FDS = "1";`;
	const url = `data:text/javascript,${encodeURIComponent(script)}`;
	const child = run([], { env: { NODE_OPTIONS: `--import=${url}` } });
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toMatch(
		/^matrix-gateway: LISTEN_FDS: file descriptor 3 is no socket that listens: .+\n$/,
	);
});

async function startHeld(args: readonly string[]) {
	const flags = ["--log-format=json", ...args];
	const command = [HOLDER, process.execPath, SIDECAR_FILE, ...flags];
	const holder = start("python3", command);
	// It ends when what it has started ends otherwise than by itself.
	onTestFinished(async () => {
		const pid = lastPid(holder);
		if (pid) process.kill(pid, "SIGKILL");
		await holder.exit();
	});
	const [, port = ""] = await holder.printed(/^port (\d+)$/m);
	await holder.printed(/"event":"listening"/);
	return { holder, port: Number(port) };
}

function lastPid(holder: Child): number {
	const pids = [...holder.logs().matchAll(/^pid (\d+)$/gm)];
	return Number(pids.at(-1)?.[1]);
}

function isOnline(status: string): boolean {
	return status === "online";
}

/** Asks for the health again and again, on a new connection each time. */
function keepVisiting(port: number) {
	const failures: string[] = [];
	let answers = 0;
	let isStopping = false;

	function visit(): Promise<void> {
		return new Promise((resolve) => {
			const done = (failure?: string) => {
				if (failure === undefined) answers++;
				else failures.push(failure);
				resolve();
			};
			const url = `http://127.0.0.1:${port}/healthz`;
			get(url, { agent: false }, (response) => {
				response.resume();
				const { statusCode } = response;
				done(statusCode === 200 ? undefined : `HTTP ${statusCode}`);
			}).on("error", (error) => done(String(error)));
		});
	}

	async function visitOn(): Promise<void> {
		while (!isStopping) await visit();
	}

	const all = [visitOn(), visitOn()];
	return {
		get answers() {
			return answers;
		},
		async stop() {
			isStopping = true;
			await Promise.all(all);
			return failures;
		},
	};
}
