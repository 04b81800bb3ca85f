import fc from "fast-check";
import { test } from "vitest";
import { playRestarts, type RestartStep } from "./support/restarts.ts";

/** Mostly what is on its way while a process ends. */
const WEIGHTS = {
	broadcast: 6,
	direct: 6,
	cut: 2,
	connect: 5,
	read: 2,
	turn: 4,
	wait: 1,
	confirm: 2,
	subscribe: 2,
	snapshot: 1,
	sync: 1,
	kill: 1,
	power: 1,
	shutdown: 1,
} satisfies Record<RestartStep["do"], number>;

const anyStep: fc.Arbitrary<RestartStep> = fc.record({
	do: fc.oneof(
		...Object.entries(WEIGHTS).map(([what, weight]) => ({
			weight,
			arbitrary: fc.constant(what as RestartStep["do"]),
		})),
	),
	who: fc.nat(2),
	whom: fc.nat(2),
	size: fc.nat(12),
});

const anyOptions = fc.record({
	maxSessionBytes: fc.integer({ min: 2_000, max: 40_000 }),
	maxLogBytes: fc.integer({ min: 2_000, max: 40_000 }),
	maxDetachedSessions: fc.constantFrom(1, 3, 3),
	resumeWindow: fc.constantFrom(2_000, 60_000),
	flushWindow: fc.constantFrom(0, 5),
});

const numRuns = Number(process.env.EXACTLY_ONCE_RUNS ?? 250);

test("ORD16 ORD17 RES3 SH3 SUB3 processes that end and are followed lose nothing both ways, and double nothing, for whoever goes on", () => {
	const steps = fc.array(anyStep, {
		...{ minLength: 10, maxLength: 80, size: "max" },
	});
	fc.assert(fc.property(anyOptions, steps, playRestarts), { numRuns });
}, 900_000);
