/** Several sidecars behind Caddy, by the example. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { start } from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import {
	connect,
	statusOf,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { freePort } from "../../../vite-plugin-matrix-gateway/test/support/ports.ts";
import { IS_REDIS_MISSING } from "../../../vite-plugin-matrix-gateway/test/support/redis.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { makeFolder } from "../support/folder.ts";
import {
	connectionsOf,
	startSharedSidecars,
} from "../support/shared-sidecars.ts";

const CONFIG = readFileSync(
	new URL("../../examples/Caddyfile", import.meta.url),
	"utf8",
);

/** Where CI is set nothing is skipped: there it has to be installed. */
const isMissing =
	IS_REDIS_MISSING ||
	(!process.env.CI && spawnSync("caddy", ["version"]).error !== undefined);

describe.skipIf(isMissing)("two sidecars on one Redis behind Caddy", () => {
	test("are one hub, which knows its own pages and tells of who asks", async () => {
		const { url, sidecars } = await startAll();
		const ada = await connect(url, {
			origin: url.replace(/^ws(.*)\/ws\/matrix$/, "http$1"),
		});
		await ada.register("ada");
		const bea = await connect(url);
		await bea.register("bea");
		ada.send({ type: "bark" });
		await bea.skipTo("bark");
		const counts = await Promise.all(sidecars.map(connectionsOf));
		expect(counts).toEqual([1, 1]);
		const origin = "http://other.example";
		expect(await statusOf(url, { origin })).toBe(403);
		const lines = sidecars.map((sidecar) => sidecar.logged("refused"));
		expect(await Promise.any(lines)).toMatchObject({
			reason: expect.stringMatching(/^origin not allowed/),
			remoteAddress: "127.0.0.1",
		});
		for (const line of lines) line.catch(() => {});
	});

	test("SH1 go on as one where one of them ends", async () => {
		const { url, sidecars } = await startAll();
		expect(await sidecars[0]?.child.exit("SIGTERM")).toBe(0);
		const ask = () => connect(url).catch(() => undefined);
		const client = await until(ask, (answer) => answer !== undefined);
		await client?.register("ada");
	});
});

async function startAll() {
	const { sidecars, portsIn } = await startSharedSidecars("--trust-proxy");
	// Who waits for Redis yet would count as away for a while.
	for (const { httpUrl } of sidecars)
		await until(
			() => fetch(`${httpUrl}/readyz`),
			({ ok }) => ok,
		);
	const port = await freePort();
	const config = portsIn(CONFIG.replace(/^:8080/m, `:${port}`));
	// Its own port for orders is everybody's, and it keeps state in its home.
	const Caddyfile = `{\n\tadmin off\n}\n${config}`;
	const cwd = makeFolder({ Caddyfile });
	const child = start("caddy", ["run"], {
		cwd,
		env: { HOME: cwd, XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd },
	});
	onTestFinished(async () => void (await child.exit("SIGKILL")));
	await child.printed(/serving initial configuration/);
	return { url: `ws://127.0.0.1:${port}/ws/matrix`, sidecars };
}
