/** Vite as a person starts and stops it. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeApp, writeFiles } from "../support/app.ts";
import { type Child, start } from "../support/child.ts";
import { connect } from "../support/client.ts";
import { textFrame } from "../support/frames.ts";
import { upgradeRaw } from "../support/peer.ts";
import { freePort } from "../support/ports.ts";
import { LONG_SILENCE } from "../support/silence.ts";
import { startInTerminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

const { resolve } = createRequire(import.meta.url);
const VITE = join(dirname(resolve("vite/package.json")), "bin/vite.js");
const VITEST = join(dirname(resolve("vitest/package.json")), "vitest.mjs");
const PLUGIN = new URL("../../dist/index.js", import.meta.url).href;

describe.each(["dev", "preview"])("vite %s", (command) => {
	test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
		"on %s tells clients 1001 and ends [SH]",
		async (signal) => {
			const { child, url } = await startVite(command);
			const client = await connect(url);
			await client.register("timmy");
			const ended = child.exit(signal);
			expect(await client.next()).toMatchObject({
				type: "gateway_shutdown",
				reason: "shutdown",
			});
			expect((await client.expectClosed()).code).toBe(1001);
			// Node's convention for a process that handled SIGTERM itself is 128 + 15.
			expect([0, 143, 130, signal]).toContain(await ended);
		},
	);

	test.each([
		["SIGHUP", "SIGHUP"],
		["SIGTERM", "SIGHUP"],
		["SIGHUP", "SIGTERM"],
	] as const)(
		"tells clients 1001 though a second signal comes before they answer: %s, then %s [SH]",
		async (first, second) => {
			const { child, url } = await startVite(command);
			const silent = await upgradeRaw(url);
			silent.socket.write(textFrame({ type: "ping" }));
			await silent.nextMessage("gateway_hello");
			await silent.nextMessage("pong");
			child.process.kill(first);
			await silent.nextMessage("gateway_shutdown");
			const ended = child.exit(second);
			expect(await silent.closeCode()).toBe(1001);
			expect([0, 143, first, second]).toContain(await ended);
			silent.socket.destroy();
		},
	);

	test("tells clients 1001 when its terminal closes, and ends [SH]", async () => {
		const { child, url } = await startVite(command, { start: startInTerminal });
		const client = await connect(url);
		await client.register("timmy");
		const ended = child.exit("SIGUSR1");
		expect(await client.next()).toMatchObject({
			type: "gateway_shutdown",
			reason: "shutdown",
		});
		expect((await client.expectClosed()).code).toBe(1001);
		// 129 is 128 and SIGHUP's number; Vite may be faster, and ends with 0 when its input does.
		expect([0, 129]).toContain(await ended);
	});
});

test("a touched config says 1012, and the same address answers again; a broken one changes nothing [SH]", async () => {
	const port = await freePort();
	const server = `{ host: "127.0.0.1", port: ${port}, strictPort: true }`;
	const { child, root, url } = await startVite("dev", {
		text: config({ server, round: "first" }),
	});
	await child.printed(/watching, first/);
	expect(url).toContain(`:${port}/`);
	let client = await connect(url);
	await client.register("timmy");
	for (const role of ["second", "third"]) {
		writeFiles(root, {
			"vite.config.js": config({ server, round: role }),
		});
		expect(await client.next()).toMatchObject({
			type: "gateway_shutdown",
			reason: "restart",
			reconnectAfter: 1,
		});
		expect((await client.expectClosed()).code).toBe(1012);
		client = await until(() => connect(url).catch(() => undefined), isDefined);
		expect(await client.register("timmy", role)).toMatchObject({ agents: [] });
		await child.printed(new RegExp(`watching, ${role}`));
	}
	writeFiles(root, { "vite.config.js": "export default {" });
	await child.printed(/server restart failed|failed to load config/);
	await client.expectNothing();
	child.exit("SIGTERM");
	expect((await client.closed).code).toBe(1001);
	await child.exit();
});

test("Vitest, which reads the same config, is told nothing", async () => {
	const text = config({}).replace(
		"export default {",
		"export default { test: { globals: true },",
	);
	const root = makeApp({
		"vite.config.js": text,
		"page.test.js":
			'import { url } from "virtual:matrix-gateway";\ntest("a page", () => expect(url).toBe("/ws/matrix"));\n',
	});
	const child = start(process.execPath, [VITEST, "run"], { cwd: root });
	expect(await child.exit()).toBe(0);
	expect(child.logs()).toMatch(/Tests\s+1 passed/);
	expect(child.logs()).not.toMatch(/gateway\]|middleware/);
});

interface RunningVite {
	readonly child: Child;
	readonly root: string;
	readonly url: string;
}

/** Starts Vite's CLI in an app of its own. */
async function startVite(
	command: string,
	{ text = config({}), start: begin = start } = {},
): Promise<RunningVite> {
	const root = makeApp({ "vite.config.js": text });
	const child = begin(process.execPath, [VITE, command], { cwd: root });
	onTestFinished(() => void child.exit("SIGKILL"));
	const [, url = ""] = await child.printed(/Matrix:\s+(ws:\S+)/);
	return { child, root, url };
}

/** Says when Vite watches the config itself: a change before that goes unnoticed. */
function config({
	server = '{ host: "127.0.0.1", port: 0 }',
	round = "only",
}): string {
	return `import matrixGateway from ${JSON.stringify(PLUGIN)};
const tell = {
	name: "tell-when-watching",
	configureServer({ watcher, config: { root } }) {
		const look = () => {
			const watched = watcher.getWatched()[root]?.includes("vite.config.js");
			if (watched) console.log("watching, ${round}");
			else setTimeout(look, 10);
		};
		look();
	},
};
export default { plugins: [matrixGateway({ registerTimeout: ${LONG_SILENCE} }), tell], server: ${server}, preview: ${server} };
`;
}

function isDefined<Value>(value: Value | undefined): value is Value {
	return value !== undefined;
}
