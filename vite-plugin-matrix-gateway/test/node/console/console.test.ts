/** The console over HTTP: who is let in, what is told, and what is done. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { ConsoleSettings } from "../../../src/node/console/options.ts";
import type { HttpAppOptions } from "../../../src/node/http.ts";
import { createHttpApp } from "../../../src/node/http.ts";
import { openStage, withToken } from "../http/stage.ts";
import { createFolder } from "../order/support/data-folder.ts";
import { defer, readTap } from "./read-tap.ts";

const GRANTS: Readonly<Record<string, Grant>> = {
	operator: { operate: true, name: "ops" },
	listener: { operate: true, overhear: true },
	gardener: { operate: true, worlds: ["garden"] },
	scene: { operate: true, overhear: true, subscribe: ["scene_*"] },
	stranger: {},
};

const ACCESS: HttpAppOptions = {
	authenticate: (token = "") => GRANTS[token] ?? null,
};

async function arrange(
	settings: ConsoleSettings | boolean = true,
	access: HttpAppOptions = ACCESS,
	worlds?: readonly string[],
) {
	const { authenticate, token } = access;
	const stage = await openStage({
		...(worlds && { worlds }),
		access: { ...(authenticate && { authenticate }), ...(token && { token }) },
	});
	const app = createHttpApp(stage.target, { ...access, console: settings });
	async function ask(
		path: string,
		token?: string,
		headers: Readonly<Record<string, string>> = {},
		body?: unknown,
	) {
		return app.fetch(
			new Request(`http://localhost/__matrix${path}`, {
				method: body === undefined ? "GET" : "POST",
				headers: {
					host: "localhost",
					...(token !== undefined && { authorization: `Bearer ${token}` }),
					...(body !== undefined && { "content-type": "application/json" }),
					...headers,
				},
				...(body !== undefined && { body: JSON.stringify(body) }),
			}),
		);
	}
	return { ...stage, app, ask };
}

/** A folder with a page. */
function pageIn(): string {
	const folder = createFolder();
	mkdirSync(join(folder, "assets"));
	writeFileSync(join(folder, "index.html"), "<title>console</title>");
	writeFileSync(join(folder, "assets/a-12345678.js"), "1");
	return folder;
}

test("OPS1 it is for who may operate, and where it is not wanted it is not there", async () => {
	const { ask } = await arrange();
	expect((await ask("/api/now")).status).toBe(401);
	expect((await ask("/api/now", "wrong")).status).toBe(401);
	expect((await ask("/api/now", "stranger")).status).toBe(403);
	expect((await ask("/api/now", "operator")).status).toBe(200);
	const { ask: askNobody } = await arrange(false);
	expect((await askNobody("/api/now", "operator")).status).toBe(404);
	expect((await askNobody("/")).status).toBe(404);
});

test.each<[string, HttpAppOptions, string | undefined]>([
	["where no token is asked for", {}, undefined],
	["with the one token of all", { token: "s3cret" }, "s3cret"],
])(
	"OPS1 %s nobody may operate, but in development",
	async (_, access, token) => {
		const { ask } = await arrange(true, access);
		const refused = await ask("/api/now", token);
		expect(refused.status).toBe(403);
		expect(await refused.json()).toMatchObject({
			error: expect.stringContaining("new-token --operate"),
		});
		const { ask: askOpen } = await arrange({ isOpen: true }, access);
		expect((await askOpen("/api/now", token)).status).toBe(200);
		if (token) expect((await askOpen("/api/now")).status).toBe(401);
	},
);

test.each([
	["a page of another origin", { origin: "https://elsewhere.example" }],
	["a page of another port", { origin: "http://localhost:3000" }],
	["a page that sends no origin", { "sec-fetch-site": "cross-site" }],
	["a page of another port that sends none", { "sec-fetch-site": "same-site" }],
	["a page by a name of its own", { host: "rebound.example" }],
])(
	"OPS1 %s reads nothing and does nothing, whatever origins are allowed",
	async (_, headers) => {
		const access: HttpAppOptions = {
			allowedOrigins: ["*", "http://localhost:3000"],
		};
		const { ask } = await arrange({ isOpen: true, drain() {} }, access);
		for (const path of ["now", "tap", "state", "past"])
			expect((await ask(`/api/${path}`, undefined, headers)).status).toBe(403);
		for (const path of ["messages", "disconnect", "revoke", "drain"]) {
			const answer = await ask(`/api/${path}`, undefined, headers, {});
			expect(answer.status).toBe(403);
			expect(answer.headers.get("access-control-allow-origin")).toBeNull();
		}
		const own = { origin: "http://localhost", "sec-fetch-site": "same-origin" };
		expect((await ask("/api/now", undefined, own)).status).toBe(200);
	},
);

test("OPS1 the page is anybody's, runs nothing that others wrote, and is relative to its path", async () => {
	const { ask } = await arrange({ folder: pageIn() });
	const page = await ask("/");
	expect(await page.text()).toContain("console");
	expect(page.headers.get("content-type")).toContain("text/html");
	expect(page.headers.get("content-security-policy")).toContain(
		"default-src 'none'; script-src 'self'",
	);
	const script = await ask("/assets/a-12345678.js");
	expect(script.headers.get("cache-control")).toContain("immutable");
	for (const path of ["/none.js", "/../package.json", "/api/none", "/api"])
		expect((await ask(path)).status).toBe(404);
	const bare = await ask("");
	expect([bare.status, bare.headers.get("location")]).toEqual([
		308,
		"./__matrix/",
	]);
	const { ask: askEmpty } = await arrange({ folder: createFolder() });
	expect((await askEmpty("/")).status).toBe(503);
});

test("OPS2 it tells who is connected, of the worlds that the grant allows", async () => {
	const { ask, agent } = await arrange(true, ACCESS, ["garden"]);
	await agent("timmy", withToken("stranger"));
	const now = await (await ask("/api/now", "operator")).json();
	expect(now).toMatchObject({
		world: "default",
		worlds: ["default", "garden"],
		status: "ok",
		rights: { name: "ops", overhear: false, revoke: true, drain: false },
		figures: { connections: { agent: 1 }, memory: {}, lag: {} },
		rows: [expect.arrayContaining(["agent", [["timmy", "agent"]]])],
	});
	expect((await ask("/api/now", "gardener")).status).toBe(403);
	const garden = await ask("/api/now?world=garden", "gardener");
	expect(await garden.json()).toMatchObject({
		worlds: ["garden"],
		rights: { revoke: false },
		rows: [],
	});
	expect((await ask("/api/now?world=none", "operator")).status).toBe(404);
});

test("OPS3 the tap has each message as it was sent; what is for one only with `overhear`", async () => {
	const { ask, agent } = await arrange();
	const timmy = await agent("timmy", withToken("stranger"));
	await agent("ada", withToken("stranger"));
	const all = readTap(await ask("/api/tap", "listener"));
	const some = readTap(await ask("/api/tap", "operator"));
	await Promise.all([all.opened, some.opened]);
	const texts = [
		'{"type":"note", "target_id":"ada",  "text":"\\u00e4 ä"}',
		'{ "type":"bark","n":1.0}',
	];
	for (const text of texts) timmy.send(text);
	const last = { type: "marker" };
	timmy.send(last);
	const heard = await all.until("marker");
	expect(heard.map(({ text }) => text)).toEqual([
		...texts,
		JSON.stringify(last),
	]);
	expect(heard[0]).toMatchObject({
		...{ kind: "directed", from: ["timmy"], to: "ada", type: "note" },
	});
	const told = (await some.until("marker")).map(({ kind }) => kind);
	expect(told).toEqual(["broadcast", "broadcast"]);
	expect(some.hidden).toBe(1);
});

test("OPS3 a grant for certain types is told these alone", async () => {
	const { ask, agent } = await arrange();
	const timmy = await agent("timmy", withToken("stranger"));
	const tap = readTap(await ask("/api/tap", "scene"));
	await tap.opened;
	timmy.send({ type: "bark" });
	timmy.send({ type: "scene_add" });
	const heard = await tap.until("scene_add");
	expect(heard.map(({ type }) => type)).toEqual(["scene_add"]);
	expect((await ask("/api/past", "scene")).status).toBe(403);
	expect((await ask("/api/state", "scene")).status).toBe(403);
});

test("OPS3 the tap ends with its token", async () => {
	const { ask, target } = await arrange(true, {
		authenticate: (token = "") =>
			token === "listener" ? { operate: true, key: "k" } : null,
	});
	const tap = readTap(await ask("/api/tap", "listener"));
	await tap.opened;
	target.regrant("k", null);
	await tap.ended;
});

test("OPS3 no more taps are open at once than there is room for, and one that is shut makes room", async () => {
	const { ask } = await arrange();
	const taps: ReturnType<typeof readTap>[] = [];
	for (let count = 0; count < 16; count++)
		taps.push(readTap(await ask("/api/tap", "operator")));
	expect((await ask("/api/tap", "operator")).status).toBe(503);
	await taps[0]?.close();
	const again = await ask("/api/tap", "operator");
	expect(again.status).toBe(200);
	await again.body?.cancel();
	await Promise.all(taps.map((tap) => tap.close()));
});

test("OPS4 the broadcasts that are kept, with who and what is there", async () => {
	const { ask, agent } = await arrange();
	const timmy = await agent("timmy", withToken("stranger"));
	const ada = await agent("ada", withToken("stranger"));
	timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
	timmy.send({ type: "bark", retain: { key: "sign" } });
	await ada.skipTo("bark");
	const lines = (await (await ask("/api/past", "operator")).text())
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(lines[0]).toMatchObject({
		what: "log",
		retained: [{ key: "sign" }],
	});
	expect(lines.at(-1)).toMatchObject({ what: "message" });
	expect(lines.at(-1).text).toContain("bark");
	const state = await (await ask("/api/state", "operator")).json();
	expect(state).toMatchObject({
		agents: [{ agentId: "timmy" }, { agentId: "ada", role: "agent" }],
	});
});

test("OPS4 what a folder has is for who may overhear", async () => {
	const folder = createFolder();
	const { ask } = await arrange({ dataOf: () => folder });
	expect((await ask("/api/past", "operator")).status).toBe(403);
	const broken = await ask("/api/past", "listener");
	expect(await broken.json()).toEqual({ what: "broken" });
});

test("OPS5 it sends, disconnects, revokes and drains", async () => {
	const drained = defer<void>();
	const { ask, agent } = await arrange({ drain: drained.resolve });
	const timmy = await agent("timmy", withToken("stranger"));
	const say = (path: string, body: object, token = "operator") =>
		ask(`/api/${path}`, token, {}, body);
	expect((await say("messages", { type: "bark" }, "stranger")).status).toBe(
		403,
	);
	expect(await (await say("messages", { type: "bark" })).json()).toMatchObject({
		results: [{}],
	});
	await timmy.skipTo("bark");
	const gone = await say("disconnect", { agentId: "timmy" });
	expect(await gone.json()).toEqual({ disconnected: true });
	expect((await say("revoke", { token: "other" })).status).toBe(200);
	expect((await say("drain", {}, "gardener")).status).toBe(403);
	expect(await (await say("drain", {})).json()).toEqual({ draining: true });
	await drained.promise;
	const { ask: askWithout } = await arrange();
	expect((await askWithout("/api/drain", "operator", {}, {})).status).toBe(404);
	onTestFinished(() => timmy.terminate());
});
