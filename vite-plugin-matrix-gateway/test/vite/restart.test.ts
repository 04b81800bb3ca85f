/** Restarts of Vite's, and its end. */
import type { Plugin } from "vite";
import { expect, test } from "vitest";
import { matrixGateway } from "../../src/vite/index.ts";
import { writeFiles } from "../support/app.ts";
import { connect, type TestClient } from "../support/client.ts";
import { LONG_SILENCE } from "../support/silence.ts";
import { until } from "../support/until.ts";
import { serve } from "../support/vite-server.ts";

test("a restart closes with 1012, and the same server answers again, time after time [SH]", async () => {
	const { server, url } = await serve();
	for (let round = 0; round < 3; round++) {
		const client = await connect(url());
		expect(await client.register("timmy")).toMatchObject({ agents: [] });
		const restarted = server.restart();
		await expectRestart(client);
		await restarted;
	}
	const client = await connect(url());
	await client.register("timmy");
	await server.close();
	await expectShutdown(client);
});

test("restarts asked for at once are one, and clients see one end [SH]", async () => {
	const { server, url } = await serve();
	const client = await connect(url());
	await client.register("timmy");
	await Promise.all([server.restart(), server.restart()]);
	await expectRestart(client);
	await (await connect(url())).register("timmy");
});

test("another server of the same process is not disturbed [SH]", async () => {
	const [one, other] = [await serve(), await serve()];
	const bystander = await connect(other.url());
	await bystander.register("bystander");
	const client = await connect(one.url());
	await client.register("timmy");
	await one.server.restart();
	await expectRestart(client);
	await bystander.expectNothing();
	const again = await connect(one.url());
	await again.register("timmy");
	await other.server.restart();
	await expectRestart(bystander);
	await again.expectNothing();
	await one.server.close();
	await expectShutdown(again);
	await (await connect(other.url())).register("still-here");
});

test("a restart that fails leaves the gateway as it was [SH]", async () => {
	const { server, url, logs } = await serve();
	const client = await connect(url());
	await client.register("timmy");
	server.config.inlineConfig.configFile = "no-such-file.js";
	await server.restart();
	expect(logs()).toContain("server restart failed");
	await client.expectNothing();
	await (await connect(url())).register("another");
});

test.each(["normal", "post"] as const)(
	"a restart in which a later plugin (%s) throws leaves the gateway as it was, until one succeeds [SH]",
	async (enforce) => {
		const later = createLaterPlugin(enforce);
		const { server, url, logs } = await serve({ plugins: [later.plugin] });
		const client = await connect(url());
		await client.register("timmy");
		for (let round = 0; round < 2; round++) {
			const held = later.hold();
			const restarted = server.restart();
			await held.reached;
			// While Vite makes its new server, the old one's gateway serves.
			await connectAndLeave(url());
			await expectReady(url("/readyz", "http"));
			held.fail();
			await restarted;
			await connectAndLeave(url());
			await expectReady(url("/readyz", "http"));
		}
		expect(logs().split("server restart failed")).toHaveLength(3);
		await client.expectNothing();
		await server.restart();
		await expectRestart(client);
		await connectAndLeave(url());
	},
);

test("a restart that fails and one that succeeds, asked for at once, are told once [SH]", async () => {
	const later = createLaterPlugin("normal");
	const { server, url, logs } = await serve({ plugins: [later.plugin] });
	const client = await connect(url());
	await client.register("timmy");
	const held = later.hold();
	const restarts = [server.restart()];
	await held.reached;
	restarts.push(server.restart());
	held.fail();
	await Promise.all(restarts);
	expect(logs()).toContain("server restart failed");
	await expectRestart(client);
	await connectAndLeave(url());
});

test("a stop after a failed restart says 1001 [SH]", async () => {
	const later = createLaterPlugin("normal");
	const { server, url } = await serve({ plugins: [later.plugin] });
	const client = await connect(url());
	await client.register("timmy");
	later.hold().fail();
	await server.restart();
	await server.close();
	await expectShutdown(client);
});

test("a stop while Vite restarts says 1001 [SH]", async () => {
	const later = createLaterPlugin("normal");
	const { server, url } = await serve({ plugins: [later.plugin] });
	const client = await connect(url());
	await client.register("timmy");
	const held = later.hold();
	const restarted = server.restart();
	await held.reached;
	await server.close();
	await expectShutdown(client);
	held.fail();
	await restarted;
});

test("a restart to a port that is taken says 1012, and the next one serves again [SH]", async () => {
	const { server, url } = await serve();
	const taken = await serve();
	const client = await connect(url());
	await client.register("timmy");
	const { port, strictPort } = server.config.inlineConfig.server ?? {};
	Object.assign(server.config.inlineConfig.server ?? {}, {
		port: Number(new URL(taken.url()).port),
		strictPort: true,
	});
	await expect(server.restart()).rejects.toThrow(/already in use/);
	await expectRestart(client);
	Object.assign(server.config.inlineConfig.server ?? {}, { port, strictPort });
	await server.restart();
	await connectAndLeave(url());
});

test("two gateways on one server restart, each as itself [SH]", async () => {
	const { server, url } = await serve({
		plugins: [matrixGateway({ path: "/hub", registerTimeout: LONG_SILENCE })],
	});
	for (let round = 0; round < 2; round++) {
		const clients = [await connect(url()), await connect(url("/hub"))];
		for (const client of clients) await client.register("timmy");
		await server.restart();
		for (const client of clients) await expectRestart(client);
	}
	for (const path of ["/ws/matrix", "/hub"]) await connectAndLeave(url(path));
});

test("a restart without the plugin says 1001: nobody answers any more [SH]", async () => {
	const { server, url } = await serve();
	const client = await connect(url());
	await client.register("timmy");
	server.config.inlineConfig.plugins = [];
	await server.restart();
	await expectShutdown(client);
});

test("a page's module changes and no client notices", async () => {
	const { server, url } = await serve({ server: { watch: {} } });
	const client = await connect(url());
	await client.register("timmy");
	const { root } = server.config;
	// What changes before it is watched, and not only its folder, goes unnoticed.
	await until(
		() => server.watcher.getWatched()[root] ?? [],
		(names) => names.includes("main.js"),
	);
	const seen = new Promise((resolve) => server.watcher.once("change", resolve));
	writeFiles(root, {
		"main.js": "export const changed = true;\n",
	});
	await seen;
	await client.expectNothing();
});

test("the handlers of signals do not pile up", async () => {
	const signals = ["SIGINT", "SIGHUP", "SIGBREAK"];
	const count = () => signals.map((signal) => process.listenerCount(signal));
	const before = count();
	const during = before.map((listeners) => listeners + 1);
	const later = createLaterPlugin("normal");
	const { server } = await serve({ plugins: [later.plugin] });
	expect(count()).toEqual(during);
	await server.restart();
	await server.restart();
	later.hold().fail();
	await server.restart();
	expect(count()).toEqual(during);
	await server.close();
	expect(count()).toEqual(before);
});

interface Held {
	/** Resolves when a restart has come to the plugin. */
	readonly reached: Promise<void>;
	/** Lets the plugin throw. */
	fail(): void;
}

/** A plugin behind the gateway's whose author is busy with it. */
function createLaterPlugin(enforce: "normal" | "post"): {
	plugin: Plugin;
	/** Makes the next restart wait in the plugin until it fails. */
	hold(): Held;
} {
	let next: (() => Promise<void>) | undefined;
	const plugin: Plugin = {
		name: "later",
		...(enforce === "post" && { enforce }),
		async configureServer() {
			const failing = next;
			next = undefined;
			await failing?.();
		},
	};
	return {
		plugin,
		hold() {
			const reached = deferred();
			const failed = deferred();
			next = async () => {
				reached.resolve();
				await failed.promise;
				throw new Error("its author is not done yet");
			};
			return { reached: reached.promise, fail: failed.resolve };
		},
	};
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
	let resolve = () => {};
	const promise = new Promise<void>((fulfil) => {
		resolve = fulfil;
	});
	return { promise, resolve };
}

/** As a viewer, of whom nobody else is told. */
async function connectAndLeave(url: string): Promise<void> {
	const client = await connect(url);
	client.send({ type: "ping" });
	await client.next("gateway_hello");
	await client.next("pong");
	client.socket.close();
	await client.closed;
}

async function expectReady(url: string): Promise<void> {
	const answer = await fetch(url);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toEqual({ status: "ok" });
}

async function expectRestart(client: TestClient): Promise<void> {
	expect(await client.next()).toMatchObject({
		type: "gateway_shutdown",
		reason: "restart",
	});
	expect(await client.expectClosed()).toEqual({
		code: 1012,
		reason: "gateway restarting",
	});
}

async function expectShutdown(client: TestClient): Promise<void> {
	expect(await client.next()).toMatchObject({
		type: "gateway_shutdown",
		reason: "shutdown",
	});
	expect(await client.expectClosed()).toEqual({
		code: 1001,
		reason: "gateway shutting down",
	});
}
