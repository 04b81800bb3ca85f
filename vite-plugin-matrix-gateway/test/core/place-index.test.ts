/** The bits of an audience against a list of places. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPlaceIndex } from "../../src/core/world/place-index.ts";

/** How far each place is from the one before, and how far the log's beginning is behind it. */
const anySteps = fc.array(
	fc.tuple(fc.integer({ min: 1, max: 90 }), fc.nat(200)),
);

test("SUB3 the last places are those that were added, as far back as the log goes", () => {
	fc.assert(
		fc.property(anySteps, fc.nat(2 ** 40), fc.nat(40), (steps, start, last) => {
			const index = createPlaceIndex();
			const places: number[] = [];
			let [place, first] = [start, 0];
			for (const [step, behind] of steps) {
				place += step;
				first = Math.max(first, place - behind);
				index.add(place, first);
				places.push(place);
			}
			const kept = places.filter((one) => one >= first);
			const count = Math.min(last, kept.length);
			const expected = kept.slice(kept.length - count);
			expect(index.last(count)).toEqual(expected);
			const restored = createPlaceIndex();
			restored.restore(index.cut(first));
			expect(restored.last(kept.length)).toEqual(kept);
			expect(restored.last(kept.length + 1)).toBeUndefined();
			expect(restored.cut(first)).toEqual(index.cut(first));
		}),
	);
});
