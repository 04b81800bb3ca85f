/** `virtual:matrix-gateway`, the module that page code imports. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type InlineConfig } from "vite";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createMatrixClient } from "../../src/client/index.ts";
import { matrixGateway } from "../../src/vite/index.ts";
import { makeApp } from "../support/app.ts";
import { connect } from "../support/client.ts";
import { baseConfig, recordLogs } from "../support/vite.ts";
import { serve } from "../support/vite-server.ts";

const TOKEN = 's3cret"</script>`\u2028\\';

describe("virtual:matrix-gateway", () => {
	test("in development gives the serving server's URL and the token [CON6]", async () => {
		const { url } = await serve(
			{ base: "/garden/" },
			{ token: TOKEN, path: "/hub" },
		);
		const moduleUrl = url("/garden/@id/__x00__virtual:matrix-gateway", "http");
		const source = await (await fetch(moduleUrl)).text();
		const values = evaluate(source, {
			moduleUrl,
			page: "http://elsewhere.test/",
		});
		expect(values).toEqual({ url: url("/garden/hub"), token: TOKEN });
		await (
			await connect(`${url("/garden/hub")}?token=${encodeURIComponent(TOKEN)}`)
		).register("timmy");
	});

	test.each([
		["/", "/ws/matrix"],
		["./", "/ws/matrix"],
		["", "/ws/matrix"],
		["/garden/", "/garden/ws/matrix"],
		["/garden", "/garden/ws/matrix"],
		["https://cdn.example/assets/", "/assets/ws/matrix"],
	])(
		"in development follows a base of %j to where the gateway is [CON1, CON6]",
		async (base, path) => {
			const { server, url } = await serve({ base });
			const served = `${server.config.base}@id/__x00__virtual:matrix-gateway`;
			const source = await (await fetch(url(served, "http"))).text();
			// As through a proxy that forwards the base alone.
			const moduleUrl = `https://proxy.example${served}`;
			const values = evaluate(source, { moduleUrl, page: moduleUrl });
			expect(values.url).toBe(`wss://proxy.example${path}`);
			await (await connect(url(path))).register("timmy");
		},
	);

	test("without a token gives none", async () => {
		const { url } = await serve();
		const moduleUrl = url("/@id/__x00__virtual:matrix-gateway", "http");
		const source = await (await fetch(moduleUrl)).text();
		expect(evaluate(source, { moduleUrl, page: moduleUrl })).toEqual({
			url: url(),
			token: undefined,
		});
	});

	test.each([
		["/", "/ws/matrix"],
		["/garden/", "/garden/ws/matrix"],
	])(
		"may be imported where there is no page, below %s, and says so at use [CON6]",
		async (base, path) => {
			const { server } = await serve({ base });
			const { url } = await server.ssrLoadModule("virtual:matrix-gateway");
			expect(url).toBe(path);
			expect(() => createMatrixClient({ url, WebSocket })).toThrow(
				`"${path}" is not a WebSocket address`,
			);
		},
	);

	test("in a build gives the page's own origin, and never the token [CON6]", async () => {
		const output = await buildPage({ token: TOKEN });
		expect(output).not.toContain("s3cret");
		expect(output).toContain("/ws/matrix");
		expect(runPage(output, "https://matrix.example/garden/")).toEqual({
			url: "wss://matrix.example/ws/matrix",
			token: undefined,
		});
	});

	test.each<[string, string, string | undefined]>([
		["/", "https://a.example/page/", "wss://a.example/ws/matrix"],
		["/matrix/", "http://a.example/", "ws://a.example/matrix/ws/matrix"],
		[
			"/matrix/",
			"https://a.example:8443/matrix/b/?c#d",
			"wss://a.example:8443/matrix/ws/matrix",
		],
		// The assets are elsewhere, and the page is not: its own origin has the gateway.
		[
			"https://cdn.example/x/",
			"https://a.example/y/",
			"wss://a.example/ws/matrix",
		],
		["//cdn.example/x/", "https://a.example/y/", "wss://a.example/ws/matrix"],
		[
			"https://a.example/x/",
			"https://a.example/x/y",
			"wss://a.example/x/ws/matrix",
		],
		[
			"/matrix/",
			"blob:https://a.example/0f-1",
			"wss://a.example/matrix/ws/matrix",
		],
		[
			"https://cdn.example/x/",
			"blob:https://a.example/0f-1",
			"wss://a.example/ws/matrix",
		],
		["/matrix/", "blob:null/0f-1", undefined],
		["/matrix/", "data:text/javascript,0", undefined],
		["/matrix/", "about:blank", undefined],
		["/matrix/", "about:srcdoc", undefined],
		["/matrix/", "file:///index.html", undefined],
		["/matrix/", "capacitor://localhost/index.html", undefined],
		["https://cdn.example/x/", "about:blank", undefined],
	])(
		"in a build with base %j, at %s, gives %s [CON6]",
		async (base, page, expected) => {
			const output = await buildPage({ token: TOKEN }, base);
			expect(output).not.toContain("s3cret");
			const { url } = runPage(output, page);
			expect(url).toBe(
				expected ??
					(base.startsWith("/matrix/") ? "/matrix/ws/matrix" : "/ws/matrix"),
			);
			if (!expected)
				expect(() => createMatrixClient({ url, WebSocket })).toThrow(
					"is not a WebSocket address",
				);
		},
	);

	test("in a build, a frame without an address of its own has that of its page [CON6]", async () => {
		const output = await buildPage({ token: TOKEN }, "/matrix/");
		const document = { baseURI: "https://a.example/matrix/index.html" };
		for (const page of ["about:srcdoc", "about:blank"])
			expect(runPage(output, page, { document }).url).toBe(
				"wss://a.example/matrix/ws/matrix",
			);
	});

	test.each<[string, string, string]>([
		[
			"a page at the root",
			"https://a.example/x/assets/main.js",
			"https://a.example/x/",
		],
		[
			"a page in a folder",
			"https://a.example/x/assets/main.js",
			"https://a.example/x/b/c.html",
		],
		[
			"a worker",
			"https://a.example/x/assets/main.js?v=/1",
			"https://a.example/x/assets/main.js",
		],
		[
			"a page that has all inlined",
			"https://a.example/x/",
			"https://a.example/x/",
		],
	])(
		"in a build with a relative base finds the root from %s [CON6]",
		async (_name, chunk, page) => {
			for (const base of ["./", ""]) {
				const output = await buildPage({ token: TOKEN }, base);
				expect(runPage(output, page, { chunk }).url).toBe(
					"wss://a.example/x/ws/matrix",
				);
			}
		},
	);

	test.each(["blob:https://a.example/0f-1", "data:text/javascript,0"])(
		"in a build with a relative base says at use that %s is below no root [CON6]",
		async (page) => {
			const output = await buildPage({ token: TOKEN }, "./");
			const { url } = runPage(output, page, { chunk: page });
			expect(url).toBe("/ws/matrix");
		},
	);

	test("in a build for a server gives the path [CON6]", async () => {
		const output = await buildPage({ token: TOKEN }, "/matrix/");
		const { url } = runPage(output, undefined);
		expect(url).toBe("/matrix/ws/matrix");
	});

	test.each([
		["es", false],
		["es", true],
		["iife", false],
		["iife", true],
	] as const)(
		"in a build is there for workers, %s, the plugin given twice: %s [CON6]",
		async (format, isGiven) => {
			const plugins = () => (isGiven ? [matrixGateway()] : []);
			const worker = { format, plugins };
			const output = await buildPage({ token: TOKEN }, "/matrix/", {
				worker,
				files: {
					"main.js":
						'import Inline from "./worker.js?worker&inline";\nnew Inline();\nnew Worker(new URL("./worker.js", import.meta.url), { type: "module" });\n',
					"worker.js": SEEN,
				},
			});
			const scripts: string[] = [];
			class FakeBlob {
				constructor(parts: string[]) {
					scripts.push(parts.at(-1) ?? "");
				}
			}
			class FakeWorker {}
			const self = { Blob: FakeBlob, URL: { createObjectURL: () => "blob:" } };
			runScript(output, {
				chunk: "https://a.example/assets/main.js",
				self,
				Blob: FakeBlob,
				Worker: FakeWorker,
				URL: Object.assign(class extends URL {}, self.URL),
			});
			expect(scripts).toHaveLength(1);
			const [script = ""] = scripts;
			expect(script).not.toContain("s3cret");
			expect(runPage(script, "blob:https://a.example/0f-1").url).toBe(
				"wss://a.example/matrix/ws/matrix",
			);
		},
	);

	test("a token in `authenticate` alone is in no module at all", async () => {
		const { url } = await serve(
			{},
			{ authenticate: (token) => (token === TOKEN ? {} : null) },
		);
		const moduleUrl = url("/@id/__x00__virtual:matrix-gateway", "http");
		const source = await (await fetch(moduleUrl)).text();
		expect(source).not.toContain("s3cret");
		expect(evaluate(source, { moduleUrl, page: moduleUrl })).toEqual({
			url: url(),
			token: undefined,
		});
	});
});

interface Values {
	readonly url: string;
	readonly token: string | undefined;
}

/** Runs the module's source with a `location` of the test's. */
function evaluate(
	source: string,
	{ moduleUrl, page }: { moduleUrl: string; page: string },
): Values {
	const body = source
		.replace(/import\.meta\.url/g, JSON.stringify(moduleUrl))
		.replace(/export const (\w+)/g, "exported.$1")
		.replace(/\/\/# sourceMappingURL.*$/s, "");
	const run = new Function("location", "exported", `${body}; return exported;`);
	return run({ href: page }, {});
}

const SEEN =
	'import { url, token } from "virtual:matrix-gateway";\nglobalThis.seen = { url, token };\n';

/** Builds an app, and returns its main chunk. */
async function buildPage(
	options: { token: string },
	base = "/",
	{
		worker = {},
		files = { "main.js": SEEN },
	}: {
		worker?: NonNullable<InlineConfig["worker"]>;
		files?: Record<string, string>;
	} = {},
): Promise<string> {
	const config = baseConfig(recordLogs().logger, options);
	const root = makeApp(files);
	await build({
		...config,
		root,
		base,
		worker,
		build: { modulePreload: false },
	});
	const assets = join(root, "dist/assets");
	const [script = ""] = readdirSync(assets).filter((name) =>
		/^index-.*\.js$/.test(name),
	);
	return readFileSync(join(assets, script), "utf8");
}

/** Runs a chunk in a place of the test's. */
function runPage(
	script: string,
	page: string | undefined,
	{
		chunk = page,
		document,
	}: { chunk?: string | undefined; document?: object } = {},
): Values {
	const location = page === undefined ? undefined : { href: page };
	const scope: { seen?: Values } = {};
	runScript(script, {
		chunk,
		location,
		document,
		globalThis: scope,
	});
	if (!scope.seen) throw new Error("the script saw nothing");
	return scope.seen;
}

function runScript(script: string, scope: Record<string, unknown>): void {
	const body = script
		.replace(/export\s*\{\s*\};?/, "")
		.replaceAll("import.meta.url", "chunk");
	new Function(...Object.keys(scope), body)(...Object.values(scope));
}
