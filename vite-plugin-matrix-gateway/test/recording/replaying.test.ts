/** A recording, and what it is when it is played: in memory, by the clock of a test. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createMatrixClient } from "../../src/client/index.ts";
import { readLine } from "../../src/recording/line.ts";
import { record } from "../../src/recording/record.ts";
import { openVoice, type Voice } from "../../src/recording/voice.ts";
import { createMatrix, type Matrix, replay } from "../../src/testing/index.ts";

function create(): Matrix {
	const matrix = createMatrix({ gateway: { retain: "matrix" } });
	onTestFinished(() => matrix.close());
	return matrix;
}

function recordIn(matrix: Matrix) {
	const { url, WebSocket, clock } = matrix.client;
	if (!WebSocket) throw new Error("no WebSocket");
	const lines: string[] = [];
	const recording = record({
		...{ url, WebSocket, clock },
		write: (line) => lines.push(line),
		now: () => matrix.now,
	});
	onTestFinished(() => recording.stop());
	return lines;
}

/** What happened, without when. */
function told(lines: readonly string[]): unknown[] {
	return lines.map((text) => {
		const { at: _, ...happening } = Object(readLine(text));
		return happening;
	});
}

const noProblem = (reason: string) => expect.fail(reason);

async function enter(matrix: Matrix, agentId?: string): Promise<Voice> {
	const { url, WebSocket } = matrix.client;
	if (!WebSocket) throw new Error("no WebSocket");
	const agent = agentId === undefined ? undefined : { agentId, role: "agent" };
	const events = { error: noProblem };
	const voice = openVoice({ url, WebSocket }, agent, events);
	await matrix.until(voice.begun);
	return voice;
}

/** Two agents and a page, whose JSON is written in their own ways. */
async function live(matrix: Matrix): Promise<readonly string[]> {
	const timmy = await enter(matrix, "timmy");
	timmy.say('{"type":"scene_add","agentId":"timmy","id":"old","note":1.0}');
	await matrix.settled();
	const lines = recordIn(matrix);
	await matrix.settled();
	const ada = await enter(matrix, "ada");
	const page = await enter(matrix);
	for (let n = 0; n < 20; n++) {
		timmy.say(
			`{"type": "agent_move", "agentId": "timmy", "position": {"x": ${n}.50, "y": 0, "z": 1e0}}`,
		);
		ada.say(`{"type":"bark","agent_id":"ada","text":"${n} \u2028 \\ud83c"}`);
		ada.say(
			`{"type":"scene_update","agentId":"ada","id":"old","n":${n},"retain":{"key":"n/${n % 3}","append":true}}`,
		);
		timmy.say(`{"type":"scene_add","id":"unnamed-${n % 7}"}`);
		page.say(`{"type":"visitor_message","text":"\\u0041 ${n}"}`);
		timmy.say(`{"type":"zone_add","agentId":"timmy","id":"zone-${n % 4}"}`);
		await matrix.pass(1_000);
	}
	ada.say('{"type":"agent_unregister","agentId":"ada"}');
	await matrix.pass(100);
	const again = await enter(matrix, "ada");
	again.say('{"type":"agent_state","agentId":"ada","state":"idle"}');
	await matrix.pass(100);
	const newer = await enter(matrix, "ada");
	newer.say('{"type":"agent_state","agentId":"ada","state":"thinking"}');
	await matrix.pass(100);
	timmy.close();
	await matrix.settled();
	return lines;
}

test.each([undefined, 1, 50])(
	"a recorded stretch replays to the same, byte for byte, at the speed %j",
	async (speed) => {
		const original = create();
		const lines = [...(await live(original))];
		expect(lines.length).toBeGreaterThan(100);
		const matrix = create();
		const again = recordIn(matrix);
		await matrix.settled();
		const start = matrix.now;
		const { problems, ...rest } = await replay(lines, { matrix, speed });
		expect(problems).toEqual([]);
		expect(rest).toMatchObject({ lines: lines.length, bad: 0 });
		expect(matrix.retained).toEqual(original.retained);
		const took = (matrix.now - start) * (speed ?? 1);
		expect(took).toBeGreaterThanOrEqual(20_299);
		expect(took).toBeLessThan(20_400);
		// That of the first line had begun before, and was heard as retained.
		const [, first, ...others] = told(lines);
		const [, joined, retained, ...heard] = told(again);
		expect(joined).toEqual({ what: "joined", agentId: "timmy", role: "agent" });
		expect(retained).toEqual({ ...Object(first), what: "message" });
		expect(heard).toEqual(others);
		expect(lines.join("")).not.toContain("\u2028");
	},
);

test("a file is replayed from a time on, line by line; bad lines are told, and nothing else is lost", async () => {
	const folder = mkdtempSync(join(tmpdir(), "matrix-recording-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const at = (time: string) => `"at":"2026-03-01T${time}Z"`;
	const file = join(folder, "world.jsonl");
	const message = (text: object) =>
		`"what":"message","from":"ada","text":${JSON.stringify(JSON.stringify(text))}`;
	const scene = (id: number) => ({ type: "scene_add", id, agentId: "ada" });
	writeFileSync(
		file,
		[
			`{${at("23:59:00")},"what":"here","agents":[{"agentId":"ada","role":"agent"}]}`,
			"no JSON",
			`{${at("23:59:30")},${message(scene(1))}}`,
			"",
			`{${at("23:59:30")},"what":"__proto__"}`,
			`{"at":"soon","what":"missed","reason":""}`,
			`{${at("23:59:40")},"what":"message","text":"[]"}`,
			`{"at":"2026-03-02T12:30:00Z",${message(scene(2))}}`,
			`{"at":"2026-03-02T12:30:10Z",${message({ type: "gateway_hello" })}}`,
			`{"at":"2026-03-02T12:30:20Z","what":"missed","reason":"a cut"}`,
			`{"at":"2026-03-02T12:30:20Z",${message(scene(3))}}`,
		].join("\n"),
	);
	const matrix = create();
	const start = matrix.now;
	const seen: unknown[] = [];
	const { problems, lines, bad } = await replay(file, {
		...{ matrix, from: "12:30", speed: 2 },
		step: (line, { now, retained }) =>
			void seen.push([line.what, now - start, retained.length]),
	});
	expect(problems).toEqual([
		"line 2: it is no JSON",
		"line 5: it is no line of a recording",
		"line 6: it has no time `at`",
		"line 7: it is no line of a recording",
		expect.stringMatching(/^line 9: reserved_type: /),
		"line 10: from here on something is missing: a cut",
	]);
	expect([lines, bad]).toEqual([6, 4]);
	expect(seen).toEqual([
		["here", 0, 0],
		["message", 0, 1],
		["message", 0, 2],
		["message", 5_000, 2],
		["missed", 10_000, 2],
		["message", 10_000, 3],
	]);
});

test("a recorder that was away says so, and who is there when it is back", async () => {
	const matrix = create();
	const timmy = createMatrixClient({ ...matrix.client, agentId: "timmy" });
	await matrix.settled();
	const lines = recordIn(matrix);
	await matrix.settled();
	const note = { type: "note", agentId: "timmy", retain: { key: "n" } };
	timmy.send(note);
	await matrix.settled();
	matrix.drop();
	await matrix.settled();
	timmy.send({ type: "bark", agentId: "timmy", text: "Here again" });
	await matrix.settled();
	const text = JSON.stringify(note);
	const here = {
		what: "here",
		agents: [{ agentId: "timmy", role: "agent" }],
	};
	expect(told(lines)).toEqual([
		here,
		{ what: "message", from: "timmy", text },
		{ what: "missed", reason: "connection closed (1006)" },
		here,
		{ what: "retained", from: "timmy", text },
		expect.objectContaining({ what: "message", from: "timmy" }),
	]);
});

test("who is there already is not replaced", async () => {
	const matrix = create();
	await enter(matrix, "ada");
	const line =
		'{"at":"2026-01-01T00:00:00Z","what":"joined","agentId":"ada","role":"agent"}';
	await expect(replay([line], { matrix })).rejects.toThrow(
		'line 1: "ada" is there already, and is nobody of this recording',
	);
});

test.each([
	{ speed: 0 },
	{ speed: Number.NaN },
	{ from: "25:00" },
	{ from: "soon" },
])("%j is refused", async (options) => {
	await expect(replay([], { matrix: create(), ...options })).rejects.toThrow(
		RangeError,
	);
});
