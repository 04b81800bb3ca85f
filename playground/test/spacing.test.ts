import { expect, it } from "vitest";
import { arrange } from "../src/world/spacing.ts";

const box = { x: 200, bottom: 300, width: 100, height: 40 };

it("leaves bubbles that have room where they are", () => {
	const apart = { ...box, x: 400 };
	expect(arrange([box, apart], 800)).toEqual([
		{ shift: 0, lift: 0 },
		{ shift: 0, lift: 0 },
	]);
});

it("lifts those that follow above those in front", () => {
	const [first, second, third] = arrange([box, { ...box, x: 240 }, box], 800);
	expect(first?.lift).toBe(0);
	expect(second?.lift).toBeGreaterThanOrEqual(box.height);
	expect(third?.lift).toBeGreaterThanOrEqual(2 * box.height);
});

it("keeps them on the screen", () => {
	const [left, right] = arrange(
		[
			{ ...box, x: 0 },
			{ ...box, x: 800 },
		],
		800,
	);
	expect(left?.shift).toBeGreaterThanOrEqual(box.width / 2);
	expect(right?.shift).toBeLessThanOrEqual(-box.width / 2);
});
