/** Restarts of Vite's, and its end. */
import { expect, test } from "vitest";
import { writeFiles } from "../support/app.ts";
import { connect, type TestClient } from "../support/client.ts";
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

test("the handlers of Ctrl-C do not pile up", async () => {
	const before = process.listenerCount("SIGINT");
	const { server } = await serve();
	expect(process.listenerCount("SIGINT")).toBe(before + 1);
	await server.restart();
	await server.restart();
	expect(process.listenerCount("SIGINT")).toBe(before + 1);
	await server.close();
	expect(process.listenerCount("SIGINT")).toBe(before);
});

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
