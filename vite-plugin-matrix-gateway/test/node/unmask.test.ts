import fc from "fast-check";
import { expect, test } from "vitest";
import { unmask } from "../../src/node/unmask.ts";

test("unmask takes the mask off at any length and place, and touches nothing beside", () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 300 }),
			fc.nat(20),
			fc.uint8Array({ minLength: 4, maxLength: 4 }),
			(payload, offset, mask) => {
				const around = new Uint8Array(payload.length + 40).fill(7);
				around.set(payload, offset);
				unmask(around.subarray(offset, offset + payload.length), mask);
				const expected = new Uint8Array(around.length).fill(7);
				expected.set(
					payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0)),
					offset,
				);
				expect(around).toEqual(expected);
			},
		),
	);
});
