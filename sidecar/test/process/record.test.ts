/** A world that is recorded, played elsewhere, and read from its folder: the same each time. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
	connect,
	type TestClient,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import { makeFolder } from "../support/folder.ts";
import { run, type Sidecar, startSidecar } from "../support/sidecar.ts";

interface Line {
	readonly at: string;
	readonly what: string;
	readonly from?: string;
	readonly to?: string;
	readonly text?: string;
}

const TOKEN = "s3cret-of-the-test";
const ENV = { MATRIX_GATEWAY_TOKEN: TOKEN };
const KEPT = '{"type": "zone_add", "agentId": "timmy", "id": "z", "n": 1.0}';
const SAID = [
	'{"type":"bark","agentId":"timmy","text":"\\u0041 \u2028"}',
	'{"type": "agent_move", "agentId": "ada", "position": {"x": 1.50, "y": 0, "z": 2}}',
	'{"type":"bark","agentId":"timmy","text":"Goodbye"}',
];

const linesIn = (output: string): Line[] =>
	output
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line));

const textsIn = (lines: readonly Line[]) =>
	lines.flatMap(({ text = [] }) => text);

async function enter(sidecar: Sidecar, agentId?: string): Promise<TestClient> {
	const url = `${sidecar.wsUrl}/ws/matrix?token=${TOKEN}`;
	const client = await connect(url);
	if (agentId === undefined) client.send({ type: "ping" });
	else client.send({ type: "agent_register", agentId });
	await client.skipTo(agentId === undefined ? "pong" : "agent_registered");
	return client;
}

/** Says it, and is sure that it has its place. */
async function say(client: TestClient, text: string): Promise<void> {
	client.socket.send(text);
	client.send({ type: "ping" });
	await client.skipTo("pong");
}

it("a world is recorded, and played in another one byte for byte; its folder has the same past", async () => {
	const data = join(makeFolder(), "world");
	const original = await startSidecar(["--retain=matrix", `--data=${data}`], {
		env: ENV,
	});
	const timmy = await enter(original, "timmy");
	await say(timmy, KEPT);
	const url = `--url=${original.wsUrl}/ws/matrix`;
	const recorder = run(["record", url], { env: ENV });
	await recorder.printed(/"what":"retained".*\n/);
	const ada = await enter(original, "ada");
	for (const [index, text] of SAID.entries())
		await say(index === 1 ? ada : timmy, text);
	await say(ada, '{"type":"note","target_id":"timmy","agentId":"ada"}');
	ada.socket.close(1000);
	await recorder.printed(/"what":"left".*\n/);
	expect(await recorder.exit("SIGINT")).toBe(0);
	const lines = linesIn(recorder.logs());
	expect(lines.map(({ what }) => what)).toEqual([
		...["here", "retained", "joined", "message", "message", "message", "left"],
	]);
	expect(textsIn(lines)).toEqual([KEPT, ...SAID]);
	expect(recorder.logs()).not.toContain(TOKEN);

	const file = join(makeFolder(), "world.jsonl");
	writeFileSync(file, `no line\n${recorder.logs()}`);
	const other = await startSidecar(["--retain=matrix"], { env: ENV });
	const page = await enter(other);
	const flags = [`--url=${other.wsUrl}/ws/matrix`, "--speed=50"];
	const player = run(["play", file, ...flags], { env: ENV });
	expect(await player.exit(), player.logs()).toBe(0);
	expect(player.logs()).toContain("line 1: it is no JSON");
	expect(player.logs()).toContain("7 lines played, 1 left out");
	const heard: string[] = [];
	while (heard.at(-1) !== SAID.at(-1)) heard.push(await page.nextText());
	expect(heard.filter((text) => !text.includes('"agent_'))).toEqual([
		...[KEPT, SAID[0], SAID[2]],
	]);
	expect(heard).toContain(SAID[1]);

	expect(await original.child.exit("SIGTERM")).toBe(0);
	const past = run(["data", data, "--jsonl"]);
	expect(await past.exit()).toBe(0);
	const told = linesIn(past.logs());
	expect(textsIn(told).slice(0, 4)).toEqual([KEPT, ...SAID]);
	expect(told).toContainEqual(
		expect.objectContaining({ from: "ada", to: "timmy", what: "message" }),
	);
	expect(readFileSync(file, "utf8")).not.toContain(TOKEN);
});

it("a recording ends where nobody reads it, and where the gateway refuses", async () => {
	const gateway = await startSidecar([], { env: ENV });
	const url = `--url=${gateway.wsUrl}/ws/matrix`;
	const refused = run(["record", url]);
	expect(await refused.exit()).toBe(1);
	expect(refused.logs()).toContain("the gateway refuses: ");
	const unread = run(["record", url], { env: ENV });
	await unread.printed(/"what":"here"/);
	unread.process.stdout?.destroy();
	const timmy = await enter(gateway, "timmy");
	await say(timmy, SAID[0] ?? "");
	await say(timmy, SAID[0] ?? "");
	expect(await unread.exit()).toBe(0);
});
