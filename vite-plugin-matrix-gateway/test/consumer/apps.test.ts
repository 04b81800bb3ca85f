/** The packed plugin in apps that are not ours, on each major version of Vite. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeFolder, writeFiles } from "../support/app.ts";
import { type Child, start } from "../support/child.ts";
import { connect, statusOf } from "../support/client.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";
import { npm, QUIETLY } from "./npm.ts";
import { pack } from "./pack.ts";

/** As the README shows it. */
const CONFIG = `import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";

export default defineConfig({ plugins: [matrixGateway()] });
`;

const MAIN = `import { token, url } from "virtual:matrix-gateway";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";

const client = createMatrixClient({ url, token });
client.on("bark", ({ text }) => console.log(text));
new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
`;

/** A worker's own bundle, which takes none of the config's plugins by itself. */
const WORKER = `import { url } from "virtual:matrix-gateway";

console.log(url);
`;

/** As the config is while its author writes a plugin. */
const BROKEN_CONFIG = CONFIG.replace(
	"matrixGateway()",
	'matrixGateway(), { name: "later", configureServer() { throw new Error("not done yet"); } }',
);

describe.each([8, 7, 6])("an app on Vite %i", (major) => {
	let root: string;

	beforeAll(() => {
		root = makeFolder();
		writeFiles(root, {
			"package.json": manifest(major, pack().tarball),
			"vite.config.js": CONFIG,
			"index.html": '<script type="module" src="/main.js"></script>\n',
			"main.js": MAIN,
			"worker.js": WORKER,
		});
		npm(root, "install", ...QUIETLY);
	});

	test("has that Vite, and the plugin in one copy", () => {
		const read = (name: string) =>
			JSON.parse(
				readFileSync(join(root, "node_modules", name, "package.json"), "utf8"),
			);
		expect(read("vite").version).toMatch(new RegExp(`^${major}\\.`));
		expect(read("vite-plugin-matrix-gateway").name).toBe(
			"vite-plugin-matrix-gateway",
		);
	});

	test("serves the gateway beside HMR, by the rules, until it stops", async () => {
		const { child, url, page } = await startVite();
		expect(new URL(url).pathname).toBe("/ws/matrix");
		let client = await connect(url);
		await client.register("timmy");
		expect(await statusOf(url, { origin: "http://evil.test" })).toBe(403);
		await connectToHmr(page);

		writeFiles(root, { "vite.config.js": `${CONFIG}\n// touched\n` });
		expect(await client.next("gateway_shutdown")).toMatchObject({
			reason: "restart",
		});
		expect((await client.expectClosed()).code).toBe(1012);
		client = await until(() => connect(url).catch(() => undefined), isDefined);
		expect(await client.register("timmy")).toMatchObject({ agents: [] });
		await connectToHmr(page);

		const ended = child.exit("SIGTERM");
		expect(await client.next("gateway_shutdown")).toMatchObject({
			reason: "shutdown",
		});
		expect((await client.expectClosed()).code).toBe(1001);
		await ended;
	});

	test("serves it on when a restart fails, until one succeeds", async () => {
		const { child, url, page } = await startVite();
		const client = await connect(url);
		await client.register("timmy");
		// A change that comes before the watcher does goes unnoticed.
		await connectToHmr(page);
		writeFiles(root, { "vite.config.js": BROKEN_CONFIG });
		await child.printed(/server restart failed/);
		await client.expectNothing();
		expect((await fetch(`${page}readyz`)).status).toBe(200);
		(await connect(url)).socket.terminate();
		await touchUntil(client.closed);
		expect(await client.next("gateway_shutdown")).toMatchObject({
			reason: "restart",
		});
		expect((await client.expectClosed()).code).toBe(1012);
		// Vite does not close the watcher of a server that failed, and may restart twice now.
		const register = () =>
			connect(url)
				.then((again) => again.register("timmy"))
				.catch(() => undefined);
		expect(await until(register, isDefined)).toMatchObject({ agents: [] });
	});

	test("serves it under `base` too, and from `vite preview`", async () => {
		const dev = await startVite("--base", "/garden/");
		const beneath = dev.url.replace("/ws/matrix", "/garden/ws/matrix");
		await (await connect(beneath)).register("timmy");
		await connectToHmr(`${dev.page}garden/`);
		build("--base", "/garden/");
		const preview = await startVite("preview", "--base", "/garden/");
		for (const url of [preview.url, preview.url.replace("/ws", "/garden/ws")])
			await (await connect(url)).register(`timmy at ${url}`);
		// The page's chunk and the worker's.
		expect(chunks().filter((code) => code.includes("/garden/"))).toHaveLength(
			2,
		);
	});

	test("finds it from a build with a relative base", () => {
		build("--base", "./");
		const [page = "", worker = ""] = chunks().sort(
			(one, other) => other.length - one.length,
		);
		for (const code of [page, worker]) {
			expect(code).not.toContain("__MATRIX_GATEWAY");
			expect(code).toMatch(/["'`]\/?assets\/["'`]/);
		}
	});

	test("builds and serves a page that imports the client and the virtual module", async () => {
		expect(build()).toMatch(/built in/);
		const { page, url } = await startVite();
		const main = await (await fetch(`${page}main.js`)).text();
		const imports = [...main.matchAll(/from "(\/[^"]+)"/g)].map(
			([, path]) => path,
		);
		expect(imports).toHaveLength(2);
		const sources = await Promise.all(
			imports.map(async (path) => {
				const answer = await fetch(new URL(String(path), page));
				expect(answer.status).toBe(200);
				return answer.text();
			}),
		);
		expect(sources.join("\n")).toContain("/ws/matrix");
		expect(sources.join("\n")).toContain("createMatrixClient");
		await (await connect(url)).register("timmy");
	});

	test("runs an agent, which is edited, and builds it once", async () => {
		const agent = (v: number) =>
			`export default (client) => void client.send({ type: "lives", v: ${v} });\n`;
		const config = CONFIG.replace("()]", '({ agents: "agents/*.js" })]');
		writeFiles(root, { "vite.config.js": config, "agents/ada.js": agent(1) });
		onTestFinished(() => writeFiles(root, { "vite.config.js": CONFIG }));
		const { child, url, page } = await startVite();
		const viewer = await connect(url);
		await child.printed(/ada joined/);
		await connectToHmr(page);
		writeFiles(root, { "agents/ada.js": agent(2) });
		await viewer.skipTo("lives");
		await child.exit("SIGTERM");
		for (const args of [[], ["--app"]]) {
			rmSync(join(root, "dist-agents"), { recursive: true, force: true });
			expect(build(...args).split("dist-agents/ada.js")).toHaveLength(2);
			expect(readdirSync(join(root, "dist-agents"))).toEqual(["ada.js"]);
		}
	});

	/** Changes the config again and again: one that comes close after another may go unnoticed. */
	async function touchUntil(done: Promise<unknown>): Promise<void> {
		let round = 0;
		const touch = () =>
			writeFiles(root, { "vite.config.js": `${CONFIG}// ${round++}\n` });
		touch();
		const timer = setInterval(touch, 3_000);
		await done.finally(() => clearInterval(timer));
	}

	/** Starts Vite's CLI, which the test's end ends. */
	async function startVite(
		...args: string[]
	): Promise<{ child: Child; url: string; page: string }> {
		const port = await freePort();
		const address = [
			"--host",
			"127.0.0.1",
			"--strictPort",
			"--port",
			`${port}`,
		];
		const child = start(process.execPath, [vite(), ...args, ...address], {
			cwd: root,
		});
		onTestFinished(async () => void (await child.exit("SIGKILL")));
		const [, url = ""] = await child.printed(/Matrix:\s+(ws:\S+)/);
		return { child, url, page: `http://127.0.0.1:${port}/` };
	}

	function build(...args: string[]): string {
		// In CI older versions write in colors, as to a terminal.
		const env = { ...process.env, NO_COLOR: "1" };
		const options = { cwd: root, encoding: "utf8", stdio: "pipe" } as const;
		return execFileSync(process.execPath, [vite(), "build", ...args], {
			...options,
			env,
		});
	}

	function chunks(): string[] {
		const assets = join(root, "dist/assets");
		const names = readdirSync(assets).filter((name) => name.endsWith(".js"));
		return names.map((name) => readFileSync(join(assets, name), "utf8"));
	}

	function vite(): string {
		return join(root, "node_modules/vite/bin/vite.js");
	}
});

function manifest(major: number, tarball: string): string {
	return JSON.stringify({
		private: true,
		type: "module",
		devDependencies: {
			vite: `^${major}.0.0`,
			"vite-plugin-matrix-gateway": `file:${tarball}`,
		},
		// Vite 6 and 7 take any rollup of major 4. Some of them lack the binaries of some
		// platforms, and this test is not about that.
		...(major < 8 ? { overrides: { rollup: "4.50.0" } } : {}),
	});
}

/** Connects as a page would, with the token that Vite wrote into its client. */
async function connectToHmr(page: string): Promise<void> {
	const source = await (await fetch(`${page}@vite/client`)).text();
	const [, token] = /wsToken = "([^"]+)"/.exec(source) ?? [];
	const url = `${page.replace(/^http/, "ws")}?token=${token}`;
	const client = await connect(url, { protocols: ["vite-hmr"] });
	expect(await client.next()).toEqual({ type: "connected" });
	client.socket.terminate();
}

function isDefined<Value>(value: Value | undefined): value is Value {
	return value !== undefined;
}
