import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import {
	connect,
	statusOf,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { textFrame } from "../../../vite-plugin-matrix-gateway/test/support/frames.ts";
import {
	type Peer,
	upgradeRaw,
} from "../../../vite-plugin-matrix-gateway/test/support/peer.ts";
import { startInTerminal } from "../../../vite-plugin-matrix-gateway/test/support/terminal.ts";
import { LOCAL, run, SIDECAR_FILE, startSidecar } from "../support/sidecar.ts";

it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
	"says good-bye on %s, and ends with 0 [SH]",
	async (signal) => {
		const { child, wsUrl } = await startSidecar(["--reconnect-after=2500"]);
		const agent = await connect(`${wsUrl}/ws/matrix`);
		await agent.register("timmy");
		const viewer = await connect(`${wsUrl}/ws/matrix`);
		// Who says something is a viewer at once.
		viewer.send({ type: "ping" });
		await viewer.next("gateway_hello");
		await viewer.next("pong");
		const exit = child.exit(signal);
		for (const client of [agent, viewer]) {
			expect(await client.next()).toEqual({
				type: "gateway_shutdown",
				reason: "shutdown",
				reconnectAfter: 2.5,
			});
			expect(await client.expectClosed()).toMatchObject({ code: 1001 });
		}
		expect(await exit).toBe(0);
	},
);

it("says good-bye on Ctrl+Break, which only Windows has [SH]", async () => {
	const env = preload(BREAK_ON_USR2);
	const { child, wsUrl } = await startSidecar([], { env });
	const client = await connect(`${wsUrl}/ws/matrix`);
	await client.register("timmy");
	const exit = child.exit("SIGUSR2");
	await client.next("gateway_shutdown");
	expect(await client.expectClosed()).toMatchObject({ code: 1001 });
	expect(await exit).toBe(0);
});

it("a subcommand that is a client ends on it as well", async () => {
	const { wsUrl } = await startSidecar();
	const env = preload(BREAK_ON_USR2);
	const recorder = run(["record", `--url=${wsUrl}/ws/matrix`], { env });
	await recorder.printed(/"what":"here"/);
	expect(await recorder.exit("SIGUSR2")).toBe(0);
});

it.each(["json", "pretty"])(
	"says good-bye when its terminal closes, on which its log was %s [SH]",
	async (format) => {
		const args = [SIDECAR_FILE, ...LOCAL, `--log-format=${format}`];
		const terminal = startInTerminal(process.execPath, args);
		onTestFinished(async () => void (await terminal.exit("SIGUSR1")));
		const [wsUrl] = await terminal.printed(/ws:\/\/127\.0\.0\.1:\d+/);
		const client = await connect(`${wsUrl}/ws/matrix`);
		await client.register("timmy");
		const exit = terminal.exit("SIGUSR1");
		await client.next("gateway_shutdown");
		expect(await client.expectClosed()).toMatchObject({ code: 1001 });
		expect(await exit).toBe(0);
	},
);

it("does not wait for idle keep-alive connections", async () => {
	const { child, httpUrl } = await startSidecar();
	const idle = connectTcp(Number(new URL(httpUrl).port), "127.0.0.1");
	idle.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
	await once(idle, "data");
	idle.resume();
	const closed = once(idle, "close");
	expect(await child.exit("SIGTERM")).toBe(0);
	await closed;
});

it("does not wait for a request that never ends", async () => {
	const { child, httpUrl } = await startSidecar();
	const slow = connectTcp(Number(new URL(httpUrl).port), "127.0.0.1");
	slow.on("error", () => {});
	// Two requests in one write: the answer to the first shows that the second has begun.
	slow.write(
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nPOST / HTTP/1.1\r\nHost: ",
	);
	await once(slow, "data");
	expect(await child.exit("SIGTERM")).toBe(0);
});

it("lets nobody in while it waits, and says so to the health check", async () => {
	const { child, wsUrl, httpUrl, logged } = await startSidecar();
	const silent = await connectSilent(wsUrl);
	const exit = child.exit("SIGTERM");
	await silent.nextMessage("gateway_shutdown");
	expect(await statusOf(`${wsUrl}/ws/matrix`)).toBe(503);
	expect((await fetch(`${httpUrl}/readyz`)).status).toBe(503);
	expect((await fetch(`${httpUrl}/healthz`)).status).toBe(200);
	expect(await silent.closeCode()).toBe(1001);
	silent.socket.destroy();
	expect(await exit).toBe(0);
	await logged("stopped");
});

it.each([
	["SIGTERM", "SIGINT"],
	["SIGTERM", "SIGHUP"],
	["SIGHUP", "SIGHUP"],
	["SIGHUP", "SIGTERM"],
] as const)(
	"ends with 1 at once on a second signal: %s, then %s",
	async (first, second) => {
		const { child, wsUrl, logged } = await startSidecar();
		const silent = await connectSilent(wsUrl);
		child.process.kill(first);
		await silent.nextMessage("gateway_shutdown");
		await logged("signal");
		expect(await child.exit(second)).toBe(1);
		expect(child.logs()).not.toContain('"event":"stopped"');
	},
);

it("has said good-bye to all before a second signal can end it, however close they come [SH]", async () => {
	const script = `
		process.on("SIGUSR2", () => {
			process.emit("SIGHUP", "SIGHUP");
			process.emit("SIGHUP", "SIGHUP");
		});`;
	const { child, wsUrl } = await startSidecar([], { env: preload(script) });
	const client = await connect(`${wsUrl}/ws/matrix`);
	await client.register("timmy");
	const exit = child.exit("SIGUSR2");
	await client.next("gateway_shutdown");
	expect(await client.expectClosed()).toMatchObject({ code: 1001 });
	expect(await exit).toBe(1);
});

it("logs in order to the very end, however busy the thread pool is", async () => {
	const script = `
		import { pbkdf2 } from "node:crypto";
		process.on("SIGTERM", () => pbkdf2("", "", 300_000, 64, "sha512", () => {}));`;
	const env = { ...preload(script), UV_THREADPOOL_SIZE: "1" };
	const { child, lines } = await startSidecar([], { env });
	expect(await child.exit("SIGTERM")).toBe(0);
	expect(lines().map(({ event }) => event)).toEqual([
		"listening",
		"signal",
		"stopped",
	]);
});

it("writes all of its log before it ends, for a reader that is behind", async () => {
	const { child, lines, wsUrl } = await startSidecar();
	child.process.stdout?.pause();
	await logMoreThanAPipeHolds(wsUrl);
	const exit = child.exit("SIGTERM");
	child.process.stdout?.resume();
	expect(await exit).toBe(0);
	expect(lines()).toHaveLength(REFUSALS + 3);
	expect(lines().at(-1)).toMatchObject({ event: "stopped" });
});

it("does not wait for a reader of its log that has stopped reading", async () => {
	const { child, wsUrl } = await startSidecar();
	child.process.stdout?.pause();
	await logMoreThanAPipeHolds(wsUrl);
	const exited = once(child.process, "exit");
	child.process.kill("SIGTERM");
	expect(await exited).toEqual([0, null]);
	child.process.stdout?.resume();
});

it.each(["json", "pretty"])(
	"goes on when nobody reads its log any more, which is %s",
	async (format) => {
		const child = run([...LOCAL, `--log-format=${format}`]);
		const [wsUrl] = await child.printed(/ws:\/\/127\.0\.0\.1:\d+/);
		child.process.stdout?.destroy();
		const client = await connect(`${wsUrl}/ws/matrix`);
		await client.register("timmy");
		await client.expectNothing();
		const exited = once(child.process, "exit");
		child.process.kill("SIGTERM");
		await client.skipTo("gateway_shutdown");
		expect(await client.closed).toMatchObject({ code: 1001 });
		await exited;
		expect(child.process.exitCode).toBe(0);
	},
);

const BREAK_ON_USR2 = 'process.on("SIGUSR2", () => process.emit("SIGBREAK"));';

/** The environment in which Node runs a module before the program. */
function preload(script: string): { NODE_OPTIONS: string } {
	const url = `data:text/javascript,${encodeURIComponent(script)}`;
	return { NODE_OPTIONS: `--import=${url}` };
}

/** A viewer that answers no close. */
async function connectSilent(wsUrl: string): Promise<Peer> {
	const silent = await upgradeRaw(`${wsUrl}/ws/matrix`);
	silent.socket.write(textFrame({ type: "ping" }));
	await silent.nextMessage("gateway_hello");
	await silent.nextMessage("pong");
	return silent;
}

const REFUSALS = 1_000;

/** Hundreds of kilobytes. */
async function logMoreThanAPipeHolds(wsUrl: string): Promise<void> {
	const options = { origin: `capacitor://${"x".repeat(200)}` };
	for (let count = 0; count < REFUSALS; count++)
		expect(await statusOf(`${wsUrl}/ws/matrix`, options)).toBe(403);
}
