import fc from "fast-check";
import { test } from "vitest";
import { playExactlyOnce, type Step } from "./support/exactly-once.ts";

/** Mostly what fills the sessions of those who are away, and tells their senders of it. */
const WEIGHTS = {
	direct: 10,
	broadcast: 3,
	cut: 4,
	connect: 3,
	read: 1,
	retain: 1,
	speak: 1,
	stall: 1,
	confirm: 1,
	second: 1,
	subscribe: 2,
	turn: 2,
	wait: 1,
} satisfies Record<Step["do"], number>;

const anyStep: fc.Arbitrary<Step> = fc.record({
	do: fc.oneof(
		...Object.entries(WEIGHTS).map(([what, weight]) => ({
			weight,
			arbitrary: fc.constant(what as Step["do"]),
		})),
	),
	who: fc.nat(2),
	whom: fc.nat(2),
	size: fc.nat(8),
	asks: fc.oneof(fc.constant(true), fc.boolean()),
});

const anyOptions = fc.record({
	maxSessionBytes: fc.integer({ min: 1_000, max: 8_000 }),
	maxLogBytes: fc.integer({ min: 2_000, max: 20_000 }),
	maxBufferedBytes: fc.integer({ min: 2_000, max: 20_000 }),
	maxSnapshotBytes: fc.constantFrom(1_000, 10_000, 1_000_000),
	maxDetachedSessions: fc.constantFrom(1, 3, 3),
	resumeWindow: fc.constantFrom(2_000, 60_000),
});

const numRuns = Number(process.env.EXACTLY_ONCE_RUNS ?? 600);

test("RES2 RES3 RCPT2 SUB1 SUB2 SUB3 every client gets what was ordered for it, once, however it is cut off", () => {
	const steps = fc.array(anyStep, {
		minLength: 10,
		maxLength: 80,
		size: "max",
	});
	fc.assert(fc.property(anyOptions, steps, playExactlyOnce), { numRuns });
}, 900_000);
