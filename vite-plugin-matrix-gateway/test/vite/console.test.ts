/** The console on Vite's server. */
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { type DevToolsContext, dockOf } from "../../src/vite/dock.ts";
import { createFolder } from "../node/order/support/data-folder.ts";
import { serve } from "../support/vite-server.ts";

/** With any header, `Host` among them. */
function statusOf(
	url: string,
	headers: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		const asked = request(url, { headers }, (response) => {
			response.resume();
			resolve(response.statusCode);
		});
		asked.on("error", reject).end();
	});
}

test("OPS1 in development it is there, under Vite's base too, and behind Vite's own checks", async () => {
	const { url } = await serve({ base: "/app/" });
	for (const path of ["/__matrix/api/now", "/app/__matrix/api/now"])
		expect(await statusOf(url(path, "http"))).toBe(200);
	const now = url("/__matrix/api/now", "http");
	for (const headers of [
		{ host: "rebound.example" },
		{ origin: "https://elsewhere.example" },
		// Vite lets it read what is the app's.
		{ origin: "http://localhost:3000" },
		{ "sec-fetch-site": "cross-site" },
	])
		expect(await statusOf(now, headers)).toBe(403);
});

test("OPS1 where each has a token of its own, that of an agent does not open it", async () => {
	const tokens = join(createFolder(), "tokens.json");
	const all = [
		{ name: "ops", token: "ops", operate: true },
		{ name: "timmy", token: "timmy" },
	];
	writeFileSync(tokens, JSON.stringify(all));
	const { url } = await serve({}, { tokens });
	const now = url("/__matrix/api/now", "http");
	const as = (token: string) => ({ authorization: `Bearer ${token}` });
	expect(await statusOf(now)).toBe(401);
	expect(await statusOf(now, as("timmy"))).toBe(403);
	expect(await statusOf(now, as("ops"))).toBe(200);
});

test("OPS1 it is not there where it is not wanted", async () => {
	const { url } = await serve({ appType: "custom" }, { console: false });
	expect(await statusOf(url("/__matrix/api/now", "http"))).toBe(404);
});

test("OPS5 a drain begins the gateway anew", async () => {
	const { url, server } = await serve();
	const restart = vi.spyOn(server, "restart").mockResolvedValue();
	const answer = await fetch(url("/__matrix/api/drain", "http"), {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: "{}",
	});
	expect(await answer.json()).toEqual({ draining: true });
	await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce());
});

test("it is docked in Vite's DevTools, where they are, and asks nothing else of them", () => {
	const register = vi.fn();
	const setup = (context: DevToolsContext) =>
		dockOf({}).devtools?.setup(context);
	setup({ docks: { register }, viteConfig: { base: "/app/" } });
	expect(register).toHaveBeenCalledWith({
		...{ id: "matrix-gateway", title: "Matrix", type: "iframe" },
		...{ url: "/app/__matrix/", icon: "/app/__matrix/icon.svg" },
	});
	setup({});
	setup({ docks: {} });
	expect(dockOf({ console: false })).toEqual({});
});
