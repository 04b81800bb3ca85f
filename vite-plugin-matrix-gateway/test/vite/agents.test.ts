/** A project's own agents in `vite dev`: edited, broken, added and removed, as a page sees it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createMatrixClient } from "../../src/client/index.ts";
import { makeApp, writeFiles } from "../support/app.ts";
import { connect, type TestClient } from "../support/client.ts";
import { until } from "../support/until.ts";
import { serve, type TestServer } from "../support/vite-server.ts";

const FILES = { agents: "agents/*.js" };

async function serveAgents(files: Readonly<Record<string, string>>) {
	const root = makeApp(files);
	const served = await serve(
		{ root, cacheDir: `${root}/.vite`, server: { watch: {} } },
		FILES,
	);
	return { ...served, root };
}

/** A page's socket to Vite: what it is told of errors. */
async function openOverlay({ server, url }: TestServer): Promise<TestClient> {
	const { webSocketToken } = server.config;
	const page = await connect(url(`/?token=${webSocketToken}`), {
		protocols: ["vite-hmr"],
	});
	await page.skipTo("connected");
	return page;
}

/** The next error over the page: where it is, and what. */
async function nextError(overlay: TestClient): Promise<string> {
	const { err } = await overlay.skipTo("error");
	const { loc, message, id } = err as {
		readonly loc?: { readonly file: string; readonly line: number };
		readonly message: string;
		readonly id: string;
	};
	const file = (loc?.file ?? id).split("/").at(-1);
	return `${file}:${loc?.line} ${message.split("\n")[0]}`;
}

/** A page with a session that asks Ada all the time, and what it sees. */
function openPage(url: string) {
	const told: number[] = [];
	const lives: unknown[] = [];
	const ticks: unknown[] = [];
	const left: object[] = [];
	let asked = 0;
	const client = createMatrixClient({ url, agentId: "page", WebSocket });
	client.on("told", ({ n }) => told.push(Number(n)));
	client.on("tick", ({ v }) => ticks.push(v));
	client.on("lives", ({ v }) => {
		lives.push(v);
		ticks.length = 0;
	});
	client.on("agent_left", (message) => left.push({ ...message }));
	const asking = setInterval(() => {
		if (client.agents.has("ada"))
			client.sendTo("ada", { type: "ask", n: asked++ });
	}, 5);
	const stop = () => clearInterval(asking);
	onTestFinished(() => {
		stop();
		client.dispose();
	});
	const count = () =>
		new Promise((resolve) => {
			client.on("running", ({ all }) => resolve(all));
			client.sendTo("ada", { type: "count" });
		});
	/** Asks no more, and is told all that it has asked, in order, by one who never left. */
	async function hasLostNothing() {
		stop();
		await until(
			() => told.length,
			(length) => length === asked,
		);
		expect(told).toEqual(Array.from({ length: asked }, (_, n) => n));
		expect(left).toEqual([]);
	}
	return { told, lives, ticks, count, hasLostNothing };
}

/** Ada, who leaves a listener and two intervals behind each time: one of her module's, one of her run's. */
const ada = (v: number, more = "") => `import { tell } from "./lib/tell.js";
const running = (globalThis.running ??= new Set());
setInterval(() => running.add(${v}), 5);
export default function (client) {
	client.on("ask", ({ n }) => tell(client, n));
	client.on("count", () => {
		running.clear();
		setTimeout(() => client.send({ type: "running", all: [...running] }), 50);
	});
	setInterval(() => client.send({ type: "tick", v: ${v} }), 20);
	${more}
	client.send({ type: "lives", v: ${v} });
}
`;

const tell = (note: number) => `/* ${note} */
export const tell = (client, n) => client.send({ type: "told", n });
`;

/** What an edit does, and the error that it has to show. */
const EDITS: readonly ((
	v: number,
) => readonly [path: string, text: string, error?: string])[] = [
	(v) => ["agents/ada.js", ada(v)],
	(v) => ["agents/ada.js", `${ada(v)}\nconst = 1;`, "ada.js:15"],
	(v) => [
		"agents/ada.js",
		`${ada(v)}throw new Error("at the top");\n`,
		"ada.js:14 at the top",
	],
	(v) => [
		"agents/ada.js",
		ada(v, 'throw new Error("at once");'),
		"ada.js:11 at once",
	],
	(v) => ["agents/ada.js", ada(v)],
	(v) => ["agents/lib/tell.js", tell(v)],
	(v) => ["agents/lib/tell.js", `${tell(v)}}`, "tell.js:3"],
	(v) => ["agents/lib/tell.js", tell(v)],
	(v) => [
		"agents/ada.js",
		ada(v, 'setTimeout(() => { throw new Error("in a timer"); });'),
		"ada.js:11 in a timer",
	],
	(v) => [
		"agents/ada.js",
		ada(v, 'Promise.reject(new Error("later"));'),
		"ada.js:11 later",
	],
];

test("50 edits of an agent, half of them broken: it stays, and nothing is lost, doubled or left behind", async () => {
	const served = await serveAgents({
		"agents/ada.js": ada(-1),
		"agents/lib/tell.js": tell(-1),
	});
	const overlay = await openOverlay(served);
	const page = openPage(served.url());
	await until(
		() => page.lives.length,
		(count) => count === 1,
	);

	for (let v = 0; v < 50; v++) {
		const edit = EDITS[v % EDITS.length]?.(v);
		const [path = "", text = "", error] = edit ?? [];
		const lives = page.lives.length;
		writeFiles(served.root, { [path]: text });
		if (error === undefined)
			await until(
				() => page.lives.length,
				(count) => count > lives,
			);
		else expect(await nextError(overlay)).toContain(error);
	}
	writeFiles(served.root, { "agents/ada.js": ada(50) });
	await until(
		() => page.lives.at(-1),
		(v) => v === 50,
	);
	await page.hasLostNothing();
	await until(
		() => page.ticks.length,
		(count) => count >= 5,
	);
	expect(new Set(page.ticks)).toEqual(new Set([50]));
	expect(await page.count()).toEqual([50]);
}, 60_000);

test("whatever one does, Vite and the others live on, and it comes back when it is mended", async () => {
	const served = await serveAgents({
		"agents/ada.js": ada(0),
		"agents/lib/tell.js": tell(0),
		"agents/loop.js": "export default () => { for (;;); };",
		"agents/none.js": "export const live = () => {};",
	});
	const overlay = await openOverlay(served);
	const viewer = await connect(served.url());
	viewer.send({ type: "ping" });
	await viewer.skipTo("lives");

	await until(served.logs, (text) =>
		text.includes("a default export that is a function"),
	);
	writeFiles(served.root, {
		"agents/exit.js": "export default () => process.exit(3);",
	});
	await until(
		() => served.logs(),
		(text) => text.includes("process.exit(3)"),
	);
	await until(
		() => served.logs(),
		(text) => text.includes("has not answered for 5 seconds"),
	);
	expect(overlay.socket.readyState).toBe(WebSocket.OPEN);
	const mended =
		'export default (client) => void client.send({ type: "mended" });';
	for (const name of ["loop", "exit", "none"]) {
		writeFiles(served.root, { [`agents/${name}.js`]: mended });
		await viewer.skipTo("mended");
	}
	rmSync(join(served.root, "agents/exit.js"));
	expect(await viewer.skipTo("agent_left")).toMatchObject({ agentId: "exit" });
	writeFiles(served.root, {
		"agents/eve.js": `export const agentId = "none";${mended}`,
	});
	await until(
		() => served.logs(),
		(text) => text.includes("is the agent of"),
	);
	expect((await fetch(served.url("/", "http"))).status).toBe(200);
}, 60_000);

test("a restart of Vite hands an agent's session on", async () => {
	const served = await serveAgents({
		"agents/ada.js": ada(0),
		"agents/lib/tell.js": tell(0),
	});
	const port = Number(new URL(served.url()).port);
	Object.assign(served.server.config.inlineConfig.server ?? {}, { port });
	const page = openPage(served.url());
	await until(
		() => page.told.length,
		(count) => count > 5,
	);
	await served.server.restart();
	await until(
		() => page.lives.length,
		(count) => count === 2,
	);
	await page.hasLostNothing();
}, 60_000);
