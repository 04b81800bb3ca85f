import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page, Route } from "@playwright/test";
import { expect, leaveBlank, openWorld, test } from "../fixtures.ts";

/** A triangle whose points are in a file beside it. */
const TRIANGLE = {
	asset: { version: "2.0" },
	scene: 0,
	scenes: [{ nodes: [0] }],
	nodes: [{ mesh: 0 }],
	meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
	accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3" }],
	bufferViews: [{ buffer: 0, byteLength: 36 }],
	buffers: [{ uri: "triangle.bin", byteLength: 36 }],
};

test("a page asks nobody for what a stranger names, but its own host for models", {
	tag: "@page",
}, async ({ page, context, host, agent }) => {
	await leaveBlank(context);
	const strange: (string | undefined)[] = [];
	const elsewhere = createServer((request, response) => {
		strange.push(request.url);
		response.setHeader("access-control-allow-origin", "*");
		response.end("{}");
	}).listen(0, "127.0.0.1");
	await once(elsewhere, "listening");
	const { port } = elsewhere.address() as AddressInfo;
	const stranger = `http://127.0.0.1:${port}`;

	const asked: string[] = [];
	await page.route("**/models/**", (route) => {
		asked.push(new URL(route.request().url()).pathname);
		return answer(route, stranger);
	});
	await page.route("**/api/gateway/status*", (route) => {
		asked.push("status");
		return route.continue();
	});
	await openWorld(page, host.url);
	const failed = failures(page);
	const timmy = await agent("timmy");
	const add = (url: string) =>
		timmy.send({ type: "scene_add", id: url, kind: "gltf", url });

	const refused = [
		`${stranger}/a.glb`,
		"/api/gateway/status",
		"models/leads.gltf",
		"models/names.gltf",
	];
	for (const url of refused) add(url);
	// Models are built once the world is drawn, whose first picture may take its time in software.
	await expect
		.poll(() => [...failed].sort(), { timeout: 40_000 })
		.toEqual([...refused].sort());
	add("models/triangle.gltf");
	await expect.poll(() => asked).toContain("/models/triangle.bin");
	add("models/none.gltf");
	await expect.poll(() => failed.at(-1)).toBe("models/none.gltf");
	expect(failed).toHaveLength(refused.length + 1);
	expect(asked).toEqual([
		"/models/leads.gltf",
		"/models/names.gltf",
		"/models/triangle.gltf",
		"/models/triangle.bin",
		"/models/none.gltf",
	]);
	expect(strange).toEqual([]);
	elsewhere.close();
});

function answer(route: Route, stranger: string): Promise<void> {
	const name = new URL(route.request().url()).pathname.split("/").at(-1);
	if (name === "leads.gltf")
		return route.fulfill({
			status: 302,
			headers: { location: `${stranger}/b.glb` },
		});
	if (name === "names.gltf")
		return route.fulfill({ json: { images: [{ uri: `${stranger}/c.png` }] } });
	if (name === "triangle.gltf") return route.fulfill({ json: TRIANGLE });
	if (name === "triangle.bin")
		return route.fulfill({ body: Buffer.alloc(36, 63) });
	return route.fulfill({ status: 404 });
}

/** The models that the page says did not load. */
function failures(page: Page): string[] {
	const failed: string[] = [];
	page.on("console", (line) => {
		const [, url] = /^The model (\S+) did not load/.exec(line.text()) ?? [];
		if (url) failed.push(url);
	});
	return failed;
}
