import fc from "fast-check";
import { expect, test } from "vitest";
import { unmask } from "../../src/node/unmask.ts";

test("unmask takes the mask off at any length and place, and touches nothing beside", () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 300 }),
			fc.nat(20),
			fc.uint8Array({ minLength: 4, maxLength: 4 }),
			fc.nat(8),
			(payload, offset, mask, viewOffset) => {
				const from = offset + 4;
				const to = from + payload.length;
				const chunk = new Uint8Array(to + 40 + viewOffset)
					.fill(7)
					.subarray(viewOffset);
				chunk.set(mask, offset);
				chunk.set(payload, from);
				const expected = chunk.slice();
				expected.set(
					payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0)),
					from,
				);
				const before = chunk.slice();
				unmask(chunk, from, to);
				expect(chunk).toEqual(expected);
				unmask(chunk, from, to);
				expect(chunk).toEqual(before);
			},
		),
	);
});
