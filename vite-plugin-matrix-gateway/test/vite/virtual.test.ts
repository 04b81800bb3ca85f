/** `virtual:matrix-gateway`, the module that page code imports. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { describe, expect, test } from "vitest";
import { makeApp } from "../support/app.ts";
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
		expect(values).toEqual({ url: url("/hub"), token: TOKEN });
	});

	test("without a token gives none", async () => {
		const { url } = await serve();
		const moduleUrl = url("/@id/__x00__virtual:matrix-gateway", "http");
		const source = await (await fetch(moduleUrl)).text();
		expect(evaluate(source, { moduleUrl, page: moduleUrl })).toEqual({
			url: url(),
			token: undefined,
		});
	});

	test("may be imported where there is no page [CON6]", async () => {
		const { server } = await serve();
		const values = await server.ssrLoadModule("virtual:matrix-gateway");
		expect(values.url).toBe("/ws/matrix");
	});

	test("in a build gives the page's own origin, and never the token [CON6]", async () => {
		const output = await buildPage({ token: TOKEN });
		expect(output).not.toContain("s3cret");
		expect(output).toContain("/ws/matrix");
		expect(runPage(output, "https://matrix.example/garden/")).toEqual({
			url: "wss://matrix.example/ws/matrix",
			token: undefined,
		});
	});

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

/** Runs the module's source with a `location` of the test's. */
function evaluate(
	source: string,
	{ moduleUrl, page }: { moduleUrl: string; page: string },
): unknown {
	const body = source
		.replace(/import\.meta\.url/g, JSON.stringify(moduleUrl))
		.replace(/export const (\w+)/g, "exported.$1")
		.replace(/\/\/# sourceMappingURL.*$/s, "");
	const run = new Function("location", "exported", `${body}; return exported;`);
	return run({ href: page }, {});
}

async function buildPage(options: { token: string }): Promise<string> {
	const config = baseConfig(recordLogs().logger, options);
	const root = makeApp({
		"main.js":
			'import { url, token } from "virtual:matrix-gateway";\nglobalThis.seen = { url, token };\n',
	});
	await build({
		...config,
		root,
		build: { minify: false, modulePreload: false },
	});
	const assets = join(root, "dist/assets");
	const [script = ""] = readdirSync(assets).filter((name) =>
		name.endsWith(".js"),
	);
	return readFileSync(join(assets, script), "utf8");
}

function runPage(script: string, page: string): unknown {
	const seen = new Function(
		"location",
		"globalThis",
		`${script.replace(/export\s*\{\s*\};?/, "")}; return globalThis.seen;`,
	);
	return seen({ href: page }, {});
}
