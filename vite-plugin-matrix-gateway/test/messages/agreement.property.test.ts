/**
 * The validators and the files of JSON Schema say the same of any message of the world. Of the gateway's
 * own only the files are used: where no field has to be there, Valibot takes a list for an object.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { byType } from "../../src/messages/by-type.ts";
import { WORLD } from "../../src/messages/catalogue.ts";
import { faultsOf } from "./json-schemas.ts";

const schema = byType(WORLD);

/** The words that any of the schemas lists, so that some messages are right. */
const WORDS = ["idle", "working", "calm", "box", "place", "scene_add", "a"];

const value = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		fc.constantFrom(...WORDS, "", "x".repeat(128), "x".repeat(129)),
		fc.integer({ min: -2, max: 2 }),
		fc.double({ noNaN: true, noDefaultInfinity: true }),
		fc.constantFrom(null, true, false),
		fc.record({
			x: fc.double({ noNaN: true, noDefaultInfinity: true }),
			z: fc.integer(),
		}),
		fc.array(tie("value"), { maxLength: 3 }),
		fc.dictionary(
			fc.constantFrom(
				"x",
				"y",
				"z",
				"type",
				"id",
				"session",
				"received",
				"agentId",
				"role",
			),
			tie("value"),
			{ maxKeys: 4 },
		),
	),
})).value;

/** What makes a message of any type valid. */
const RIGHT: Readonly<Record<string, unknown>> = {
	...{ text: "Hi", id: "a", state: "idle", behavior: "idle", status: "ok" },
	...{ position: { x: 1, z: 2 }, task_id: "t", messages: [] },
	...{ from: "a", to: "b", amount: 1 },
};

/** A valid message, of which some fields are others. */
const message = fc
	.constantFrom(...Object.entries(WORLD))
	.chain(([type, { entries }]) => {
		const keys = Object.keys(entries).filter((key) => key !== "type");
		const right = keys
			.filter((key) => key in RIGHT)
			.map((key) => [key, RIGHT[key]]);
		return fc
			.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 })
			.map((wrong) => ({ type, ...Object.fromEntries(right), ...wrong }));
	});

test("of any message", () => {
	let [valid, invalid] = [0, 0];
	fc.assert(
		fc.property(message, (message) => {
			const result = schema["~standard"].validate(message);
			if (result instanceof Promise) throw new Error("it is synchronous");
			const isValid = result.issues === undefined;
			valid += Number(isValid);
			invalid += Number(!isValid);
			expect(faultsOf(message).length === 0).toBe(isValid);
			if (isValid) expect(result.value).toEqual(message);
		}),
		{ numRuns: 3_000 },
	);
	expect(Math.min(valid, invalid)).toBeGreaterThan(300);
});
