/** The built sidecar, as a process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "./child.ts";
import type { HostOptions, RunningHost } from "./host.ts";
import { startRedis } from "./redis.ts";
import { LONG_SILENCE } from "./silence.ts";
import { until } from "./until.ts";

export const SIDECAR_FILE: string = fileURLToPath(
	new URL("../../../sidecar/dist/server.js", import.meta.url),
);

/** `node sidecar/dist/server.js` on a free port. */
export async function sidecar(given: HostOptions = {}): Promise<RunningHost> {
	const options = { registerTimeout: LONG_SILENCE, ...given };
	const flags = ["--host", "127.0.0.1", "--port", "0", "--log-format", "json"];
	const args = [SIDECAR_FILE, ...flags, ...flagsOf(options)];
	const child = start(process.execPath, args);
	const [, port] = await child.printed(/127\.0\.0\.1:(\d+)\//);
	return {
		url: `ws://127.0.0.1:${port}${options.path ?? "/ws/matrix"}`,
		httpUrl: `http://127.0.0.1:${port}`,
		logs: child.logs,
		stop: async () => Number(await child.exit("SIGTERM")),
	};
}

/** The same with a world in a folder, which goes when it is down. */
export async function sidecarWithData(
	options: HostOptions = {},
): Promise<RunningHost> {
	const folder = mkdtempSync(join(tmpdir(), "matrix-data-"));
	const running = await sidecar({ ...options, data: folder });
	return {
		...running,
		async stop() {
			const code = await running.stop();
			rmSync(folder, { recursive: true });
			return code;
		},
	};
}

/** The same with a world in a Redis, which goes when it is down. */
export async function sidecarOnRedis(
	options: HostOptions = {},
): Promise<RunningHost> {
	const redis = await startRedis();
	const running = await sidecar({ ...options, redis: redis.url });
	const ready = async () => (await fetch(`${running.httpUrl}/readyz`)).ok;
	await until(ready, Boolean);
	return {
		...running,
		async stop() {
			const code = await running.stop();
			await redis.stop();
			return code;
		},
	};
}

function flagsOf({ allowedOrigins, allowedHosts, ...rest }: HostOptions) {
	return [
		...(allowedOrigins ?? []).map((origin) => `--allowed-origin=${origin}`),
		...(allowedHosts ?? []).map((host) => `--allowed-host=${host}`),
		...Object.entries(rest).map(([name, value]) => flag(name, value)),
	];
}

/** `maxPayload: 1000` as `--max-payload=1000`, `echo: true` as `--echo`, a list with commas. */
function flag(
	name: string,
	value: string | number | boolean | readonly string[],
): string {
	const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
	if (typeof value === "boolean")
		return value ? `--${dashed}` : `--no-${dashed}`;
	return `--${dashed}=${value}`;
}
