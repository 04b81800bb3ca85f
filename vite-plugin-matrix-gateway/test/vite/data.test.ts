/** A world below Vite's cacheDir outlives Vite. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { matrixGateway } from "../../src/vite/index.ts";
import { makeApp, writeFiles } from "../support/app.ts";
import { start } from "../support/child.ts";
import { connect, type TestClient } from "../support/client.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";
import { serve } from "../support/vite-server.ts";

const { resolve } = createRequire(import.meta.url);
const VITE = join(dirname(resolve("vite/package.json")), "bin/vite.js");
const PLUGIN = new URL("../../dist/index.js", import.meta.url).href;

/** Timmy, who plants an oak. Resolves to his session. */
async function plant(url: string): Promise<unknown> {
	const timmy = await open(url);
	timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
	const { session } = await timmy.skipTo("agent_registered");
	await timmy.next("agent_joined");
	timmy.send({ type: "plant", tree: "oak", retain: { key: "tree" } });
	timmy.send({ type: "ping" });
	await timmy.next("pong");
	return session;
}

/** He comes back, and goes on; what he planted stands for whoever comes late. */
async function expectGarden(url: string, session: unknown): Promise<void> {
	const late = await open(url);
	late.send({ type: "ping" });
	expect((await late.next("gateway_hello")).agents).toMatchObject([
		{ agentId: "timmy" },
	]);
	expect(await late.next()).toMatchObject({ type: "plant", tree: "oak" });
	const timmy = await open(url);
	const resume = { session, received: 1 };
	timmy.send({ type: "agent_register", agentId: "timmy", resume });
	expect(await timmy.next()).toMatchObject({ resumed: true, received: 1 });
}

async function open(url: string): Promise<TestClient> {
	const client = await connect(url);
	onTestFinished(() => client.socket.terminate());
	return client;
}

test.each([
	["true, below the cacheDir", true, ".vite/matrix-gateway/dev"],
	["a path from the root", "world", "world"],
])(
	"with data %s the garden stands after Vite has ended",
	async (_, data, folder) => {
		const root = makeApp();
		const config = { root, cacheDir: join(root, ".vite") };
		const first = await serve(config, { data });
		const session = await plant(first.url());
		await first.server.close();
		expect(statSync(join(root, folder)).mode & 0o777).toBe(0o700);
		const second = await serve(config, { data });
		await expectGarden(second.url(), session);
		expect(second.logs()).toContain("the world is as it was: 1 agents");
	},
);

test("after a restart the folder's world goes on", async () => {
	const first = await serve({}, { data: true });
	const session = await plant(first.url());
	await first.server.restart();
	await expectGarden(first.url(), session);
});

test("a restart that brings `data` takes the world into the folder", async () => {
	const root = makeApp();
	const config = { root, cacheDir: join(root, ".vite") };
	const first = await serve(config);
	const session = await plant(first.url());
	const { inlineConfig } = first.server.config;
	inlineConfig.plugins = [matrixGateway({ data: true, registerTimeout: 50 })];
	await first.server.restart();
	await expectGarden(first.url(), session);
	await first.server.close();
	const second = await serve(config, { data: true });
	const late = await open(second.url());
	late.send({ type: "ping" });
	await late.next("gateway_hello");
	expect(await late.next()).toMatchObject({ tree: "oak" });
});

test("without data nothing is written", async () => {
	const root = makeApp();
	const first = await serve({ root, cacheDir: join(root, ".vite") });
	await plant(first.url());
	await first.server.close();
	expect(existsSync(join(root, ".vite", "matrix-gateway"))).toBe(false);
});

test("two Vites on one folder: the second is told so by its name, and serves from memory", async () => {
	const root = makeApp();
	const config = { root, cacheDir: join(root, ".vite") };
	const first = await serve(config, { data: true });
	const session = await plant(first.url());
	const second = await serve(config, { data: true });
	expect(second.logs()).toMatch(
		/matrix-gateway.dev is in use by another process .*in memory alone/,
	);
	const late = await open(second.url());
	late.send({ type: "agent_register", agentId: "timmy" });
	expect(await late.next()).toMatchObject({ agents: [] });
	await second.server.close();
	await first.server.close();
	const third = await serve(config, { data: true });
	await expectGarden(third.url(), session);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
	"vite dev, %s, vite dev again: the garden stands",
	async (signal) => {
		const root = makeApp();
		writeFiles(root, {
			"vite.config.js": `
				import matrixGateway from ${JSON.stringify(PLUGIN)};
				export default { cacheDir: ".vite", plugins: [matrixGateway({ data: true })] };`,
		});
		const startVite = async () => {
			const port = await freePort();
			const args = ["--host=127.0.0.1", `--port=${port}`, "--strictPort"];
			const child = start(process.execPath, [VITE, ...args], { cwd: root });
			onTestFinished(() => void child.exit("SIGKILL"));
			await child.printed(/Local:/);
			return { child, url: `ws://127.0.0.1:${port}/ws/matrix` };
		};
		const first = await startVite();
		const session = await plant(first.url);
		await first.child.exit(signal);
		expect(readdirSync(join(root, ".vite/matrix-gateway/dev"))).toContain(
			"0000000001.log",
		);
		const second = await startVite();
		await expectGarden(second.url, session);
	},
);

test("a folder without a name is none", async () => {
	await expect(serve({}, { data: "" })).rejects.toThrow("data names no folder");
});

test("a gateway whose path is another's gives its folder back", async () => {
	const root = makeApp();
	const config = { root, cacheDir: join(root, ".vite"), base: "/app/" };
	const twin = matrixGateway({ path: "/app/ws/matrix", data: "world" });
	await expect(serve({ ...config, plugins: [twin] })).rejects.toThrow(
		"A gateway answers /app/ws/matrix on this server already",
	);
	const started = async () => {
		const { server, logs } = await serve(config, { data: "world" });
		await server.close();
		return logs();
	};
	await until(started, (logs) => !logs.includes("in use"));
});

test("SH3 WLD1 after a restart each world goes on, in its own folder", async () => {
	const root = makeApp();
	const config = { root, cacheDir: join(root, ".vite") };
	const options = { data: true, worlds: ["garden"] };
	const first = await serve(config, options);
	const session = await plant(first.url("/ws/matrix/garden"));
	await first.server.restart();
	await expectGarden(first.url("/ws/matrix/garden"), session);
	const late = await open(first.url());
	late.send({ type: "ping" });
	expect(await late.next("gateway_hello")).toMatchObject({ agents: [] });
	expect(existsSync(join(root, ".vite/matrix-gateway/dev/worlds/garden"))).toBe(
		true,
	);
});

test("SH3 WLD1 a restart hands each world on where all is in memory", async () => {
	const first = await serve({}, { worlds: "*" });
	const session = await plant(first.url("/ws/matrix/garden"));
	await first.server.restart();
	await expectGarden(first.url("/ws/matrix/garden"), session);
});
