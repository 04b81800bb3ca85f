/** The validators and the files of JSON Schema say the same of any message. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { byType } from "../../src/messages/by-type.ts";
import * as catalogue from "../../src/messages/catalogue.ts";
import { faultsOf } from "./json-schemas.ts";

const SCHEMAS = {
	...catalogue.WORLD,
	...catalogue.TO_GATEWAY,
	...catalogue.FROM_GATEWAY,
};
const schema = byType(SCHEMAS);

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

const message = fc
	.constantFrom(...Object.entries(SCHEMAS))
	.chain(([type, { entries }]) => {
		const { type: _, ...others } = entries;
		return fc
			.record(
				Object.fromEntries(Object.keys(others).map((key) => [key, value])),
				{ requiredKeys: [] },
			)
			.map((fields) => ({ type, ...fields }));
	});

test("of any message", () => {
	let valid = 0;
	fc.assert(
		fc.property(message, (message) => {
			const result = schema["~standard"].validate(message);
			if (result instanceof Promise) throw new Error("it is synchronous");
			const isValid = result.issues === undefined;
			valid += Number(isValid);
			expect(faultsOf(message).length === 0).toBe(isValid);
			if (isValid) expect(result.value).toEqual(message);
		}),
		{ numRuns: 3_000 },
	);
	expect(valid).toBeGreaterThan(100);
});
