import { describe, expect, it } from "vitest";
import { createMotion, isWalking, moveTo, step } from "../src/model/motion.ts";

const ORIGIN = { x: 0, y: 0, z: 0 };

describe("motion", () => {
	it("walks at its speed and then stands", () => {
		const motion = createMotion(ORIGIN, 0);
		moveTo(motion, { x: 4, y: 0, z: 0 }, 2, undefined);
		step(motion, 1);
		expect(motion.position.x).toBeCloseTo(2);
		expect(isWalking(motion)).toBe(true);
		step(motion, 1);
		expect(motion.position).toEqual({ x: 4, y: 0, z: 0 });
		expect(isWalking(motion)).toBe(false);
	});

	it("arrives in one step when much time has passed", () => {
		const motion = createMotion(ORIGIN, 0);
		moveTo(motion, { x: 0, y: 0, z: 20 }, 0.5, undefined);
		step(motion, 3_600);
		expect(motion.position).toEqual({ x: 0, y: 0, z: 20 });
	});

	it("looks where it goes, and then where it was told to", () => {
		const motion = createMotion(ORIGIN, 0);
		moveTo(motion, { x: 1, y: 0, z: 0 }, 1, -1);
		step(motion, 0.5);
		expect(motion.heading).toBeCloseTo(Math.PI / 2);
		step(motion, 1);
		step(motion, 1);
		expect(motion.heading).toBeCloseTo(-1);
	});

	it("is there at once at speed 0", () => {
		const motion = createMotion(ORIGIN, 0);
		moveTo(motion, { x: 9, y: 0, z: 9 }, 0, undefined);
		expect(motion.position).toEqual({ x: 9, y: 0, z: 9 });
	});

	it("takes a message that is said again for no new way", () => {
		const motion = createMotion(ORIGIN, 0);
		const target = { x: 4, y: 0, z: 0 };
		moveTo(motion, target, 1, undefined);
		step(motion, 1);
		moveTo(motion, { ...target }, 1, undefined);
		step(motion, 1);
		expect(motion.position.x).toBeCloseTo(2);
	});
});
