/** What the console's page makes of what it gets; how it looks, a browser tells (e2e). */
import ts from "typescript";
import { expect, test } from "vitest";
import { fieldOf, toMessage } from "../../../console/src/act/schema.ts";
import { toTest } from "../../../console/src/tap/as-test.ts";
import {
	type Batch,
	type Heard,
	readBatches,
	type Unnumbered,
} from "../../../console/src/tap/batch.ts";
import { EVERYTHING, passing } from "../../../console/src/tap/filter.ts";
import { createRing } from "../../../console/src/tap/ring.ts";
import type { Moment } from "../../../console/src/time/moment.ts";
import { createTimeline } from "../../../console/src/time/timeline.ts";
import schema from "../../../schemas/agent_move.json" with { type: "json" };
import { createMatrixClient } from "../../../src/client/index.ts";
import type { Tapped } from "../../../src/core/edge/tap.ts";
import { MATRIX_RETAIN_TABLE } from "../../../src/core/protocol/retain-table.ts";
import type { Agent } from "../../../src/core/world/peer.ts";
import { createTapQueue } from "../../../src/node/console/tap-queue.ts";
import { encodeTextFrame } from "../../../src/node/frame.ts";
import { createMatrix, replay } from "../../../src/testing/index.ts";

function heard(of: Partial<Heard> & { readonly text?: string }): Unnumbered {
	const { text = "{}", ...rest } = of;
	return {
		...{ number: 0, at: 0, kind: "broadcast", type: "bark" },
		...{ from: ["timmy"], to: [], conn: "c" },
		payload: Buffer.from(text),
		size: Buffer.byteLength(text),
		...rest,
	};
}

test("OPS3 it reads what the gateway writes, wherever the stream is cut", async () => {
	const queue = createTapQueue({ messages: 100, bytes: 1e6 });
	const agents = [{ agentId: "timmy" } as Agent];
	const long = JSON.stringify({ type: "note", text: "ä".repeat(40_000) });
	const add = (text: string, more: Partial<Tapped>) =>
		queue.add({
			...{ conn: "c", agents, messageType: undefined, target: undefined },
			...{ kind: "broadcast", frame: encodeTextFrame(text), ...more },
		});
	add('{"type":"bark"}', { kind: "broadcast", messageType: "bark" });
	add(long, { kind: "directed", messageType: "note", target: "ada" });
	add('{"type":"gateway_error"}', { kind: "answer" });
	queue.addEvent('{"event":"connected"}');
	queue.hide();
	const bytes = queue.take() ?? new Uint8Array(0);
	for (const size of [1_000, 4_093, bytes.length]) {
		const body = new ReadableStream<Uint8Array>({
			start(controller) {
				for (let at = 0; at < bytes.length; at += size)
					controller.enqueue(bytes.subarray(at, at + size));
				controller.close();
			},
		});
		const batches: Batch[] = [];
		for await (const one of readBatches(body)) batches.push(one);
		const [batch, ...others] = batches;
		expect(others).toEqual([]);
		expect(batch).toMatchObject({ dropped: 0, hidden: 1 });
		expect(batch?.heard).toMatchObject([
			{ kind: "broadcast", type: "bark", from: ["timmy"], to: [], conn: "c" },
			{ kind: "directed", type: "note", to: ["ada"] },
			{ kind: "answer", type: "gateway_error", from: [], to: ["timmy"] },
			{ kind: "event", type: "connected", from: [], to: [] },
		]);
		expect(Buffer.from(batch?.heard[1]?.payload ?? []).toString()).toBe(long);
	}
});

test("OPS3 what is kept is bounded; while it stands still as much again, and then what comes is let go of", () => {
	const ring = createRing({ messages: 10, bytes: 1e6 });
	const add = (count: number) =>
		ring.add(Array.from({ length: count }, () => heard({})));
	add(10);
	add(5);
	expect([ring.all.length + ring.gone, ring.all.at(-1)?.number]).toEqual([
		15, 14,
	]);
	expect(ring.all.length).toBeLessThanOrEqual(10);
	ring.hold(true);
	const first = ring.all[0];
	add(50);
	expect(ring.all[0]).toBe(first);
	expect(ring.all.length).toBeLessThanOrEqual(21);
	expect(ring.all.length + ring.gone).toBe(65);
	ring.hold(false);
	expect(ring.all.length).toBeLessThanOrEqual(10);
	const small = createRing({ messages: 1_000, bytes: 5_000 });
	small.add(
		Array.from({ length: 100 }, () => heard({ text: "x".repeat(800) })),
	);
	expect(small.bytes).toBeLessThanOrEqual(5_000);
});

test.each([
	[{ type: "scene_*, bark" }, true],
	[{ type: "scene_*" }, false],
	[{ agent: "ADA" }, true],
	[{ agent: "eve" }, false],
	[{ text: "hello" }, true],
	[{ text: "bye" }, false],
	[{ kind: "directed" as const }, false],
	[
		{ type: "bark", agent: "tim", text: "HELLO", kind: "broadcast" as const },
		true,
	],
])("OPS3 %j passes what it names: %s", (filter, passes) => {
	const one = heard({ to: ["ada"], text: '{"text":"Hello"}' });
	expect(passing({ ...EVERYTHING, ...filter })(one)).toBe(passes);
});

test.each([
	["broadcast", ["timmy"], []],
	["directed", ["timmy"], ["ada"]],
	["broadcast", [], []],
] as const)(
	"OPS3 the test of a message passes: %s of %j to %j",
	async (kind, from, to) => {
		const said = {
			type: "note",
			...(from[0] && { agentId: from[0] }),
			...(to[0] && { target_id: to[0] }),
			text: 'a "quoted" text `of` \\ three\nlines',
		};
		const text = toTest(
			heard({
				...{ kind, from, to, type: "note" },
				text: JSON.stringify(said),
			}),
		);
		const { outputText } = ts.transpileModule(
			text.replace(/^import .*$/gm, ""),
			{
				compilerOptions: { target: ts.ScriptTarget.ES2022 },
			},
		);
		let run = async () => {};
		const names = { createMatrix, createMatrixClient, expect, replay };
		const given = {
			...names,
			test: (_: string, body: typeof run) => (run = body),
		};
		new Function(...Object.keys(given), outputText)(...Object.values(given));
		await run();
		expect.assertions(1);
	},
);

test("OPS4 the world is what it was at each moment", async () => {
	const said = (type: string, more: object = {}): Moment => ({
		...{ at: 0, what: "message", from: "timmy" },
		text: JSON.stringify({ type, agentId: "timmy", ...more }),
	});
	const moments: Moment[] = [
		{
			...{ at: 0, what: "here", agents: [{ agentId: "ada", role: "agent" }] },
			retained: [{ key: "sign", text: "{}" }],
		},
		{ at: 1, what: "joined", agentId: "timmy", role: "mind" },
		said("scene_add", { id: "oak" }),
		said("scene_update", { id: "oak" }),
		said("agent_move", { position: { x: 1, z: 1 } }),
		said("note", { retain: { key: "sign" } }),
		{ at: 2, what: "left", agentId: "timmy", role: "mind", reason: "closed" },
		said("scene_clear"),
		...Array.from({ length: 1_200 }, () => said("bark")),
	];
	const table = new Map(Object.entries(MATRIX_RETAIN_TABLE));
	const { worldAt } = await createTimeline(moments, table);
	const at = (index: number) => {
		const { agents, retained } = worldAt(index);
		return [
			agents.map(({ agentId }) => agentId),
			retained.map(({ key, texts }) => `${key} ${texts.length}`),
		];
	};
	expect(at(0)).toEqual([["ada"], ["sign 1"]]);
	expect(at(4)).toEqual([
		["ada", "timmy"],
		["sign 1", "scene/oak 2", "move 1"],
	]);
	expect(at(5)[1]).toEqual(["scene/oak 2", "move 1", "sign 1"]);
	expect(at(6)).toEqual([["ada"], ["scene/oak 2", "sign 1"]]);
	expect(at(7)[1]).toEqual(["sign 1"]);
	expect(at(moments.length - 1)).toEqual(at(7));
});

test("OPS5 a form of a schema makes the message that it says, or tells what is wrong", () => {
	const made = (filled: Readonly<Record<string, string>>) =>
		toMessage("agent_move", schema as never, filled);
	expect(made({ "position.x": "1.5", "position.z": "-2", speed: "0" })).toEqual(
		{
			message: {
				...{ type: "agent_move", position: { x: 1.5, z: -2 }, speed: 0 },
			},
		},
	);
	expect(made({})).toEqual({ problem: "position is missing" });
	expect(made({ "position.x": "1" })).toEqual({
		problem: "position.z is missing",
	});
	expect(made({ "position.x": "a", "position.z": "1" })).toEqual({
		problem: "position.x is no number",
	});
	expect(fieldOf({ anyOf: [{ type: "string" }, { type: "null" }] })).toEqual({
		kind: "text",
	});
	const retain = { "position.x": "1", "position.z": "1", retain: '{"key":' };
	expect(made(retain)).toEqual({ problem: "retain is no JSON" });
});
