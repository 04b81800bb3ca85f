import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTooDeep, MAX_DEPTH } from "../../src/core/protocol/depth.ts";
import { depthOf } from "./support/envelope.ts";
import { createFakeHost } from "./support/host.ts";
import { createWorld, MARKER } from "./support/world.ts";

/** A message of so many levels. */
const nested = (levels: number, rest = "") =>
	`{"type":"bark"${rest},"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

const REFUSAL = {
	type: "gateway_error",
	code: "bad_message",
	message: "objects and arrays lie in each other at most 64 deep",
};

describe.each([
	["finds envelopes", true],
	["finds none", false],
])("depth, where the host %s", (_, findsEnvelopes) => {
	test("RT7 as deep as it may be, a message is routed", () => {
		const { viewer } = createWorld({}, createFakeHost(findsEnvelopes));
		const [sender, watcher] = [viewer(), viewer()];
		sender.send(nested(MAX_DEPTH));
		expect(watcher.texts()).toEqual([nested(MAX_DEPTH)]);
	});

	test.each([
		["one level more", nested(MAX_DEPTH + 1)],
		["as many as there is room for", nested(100_000)],
		[
			"in a value that a later one of its key hides",
			`${nested(MAX_DEPTH + 1).slice(0, -1)},"x":1}`,
		],
		[
			"of objects",
			`{"type":"bark","x":${'{"x":'.repeat(64)}1${"}".repeat(64)}}`,
		],
		["in a ping", nested(MAX_DEPTH + 1).replace("bark", "ping")],
	])("RT7 deeper, it is refused and goes nowhere: %s", (_, text) => {
		const { viewer } = createWorld({}, createFakeHost(findsEnvelopes));
		const [sender, watcher] = [viewer(), viewer()];
		sender.send(text);
		sender.send(MARKER);
		expect(sender.messages()).toEqual([REFUSAL]);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("RCPT1 its receipt comes with the refusal", () => {
		const { viewer } = createWorld({}, createFakeHost(findsEnvelopes));
		const sender = viewer();
		sender.send(nested(65, ',"target_id":"timmy","receipt":"m-1"'));
		expect(sender.messages()).toEqual([{ ...REFUSAL, receipt: "m-1" }]);
	});
});

test("RT7 brackets in strings are none", () => {
	const text = fc.string({
		unit: fc.constantFrom(...'[]{}"\\a', "\n", "ä"),
		maxLength: 20,
	});
	const levels = fc.array(fc.tuple(text, fc.boolean()), {
		minLength: 55,
		maxLength: 75,
	});
	const depths = new Set<boolean>();
	fc.assert(
		fc.property(levels, (levels) => {
			let value: unknown = 1;
			for (const [text, isList] of levels)
				value = isList ? [text, value, {}, text] : { [text]: value, b: text };
			const json = JSON.stringify(value);
			depths.add(isTooDeep(json));
			expect(isTooDeep(json)).toBe(depthOf(json) > MAX_DEPTH);
		}),
	);
	expect(depths.size).toBe(2);
});
