import fc from "fast-check";
import { test } from "vitest";
import { type ClusterStep, playCluster } from "./support/cluster.ts";

/** Mostly what is on its way while somebody goes and comes back elsewhere. */
const WEIGHTS = {
	broadcast: 6,
	direct: 6,
	cut: 4,
	connect: 5,
	abandon: 3,
	read: 2,
	deliver: 8,
	turn: 4,
	wait: 1,
	confirm: 1,
	vanish: 0.5,
	stall: 1,
	wake: 1,
	miss: 1,
	restart: 1,
	lag: 0.5,
	lose: 0.3,
	loseAll: 0.2,
} satisfies Record<ClusterStep["do"], number>;

const anyStep: fc.Arbitrary<ClusterStep> = fc.record({
	do: fc.oneof(
		...Object.entries(WEIGHTS).map(([what, weight]) => ({
			weight: 10 * weight,
			arbitrary: fc.constant(what as ClusterStep["do"]),
		})),
	),
	who: fc.nat(2),
	whom: fc.nat(2),
	size: fc.nat(8),
	node: fc.nat(2),
});

const noRoom = fc.record({
	hasRoom: fc.constant(false),
	maxSessionBytes: fc.integer({ min: 2_000, max: 40_000 }),
	maxLogBytes: fc.integer({ min: 2_000, max: 40_000 }),
	maxDetachedSessions: fc.constantFrom(1, 3, 3),
	resumeWindow: fc.constantFrom(2_000, 60_000),
});

const room = fc.constant({
	...{ hasRoom: true, maxSessionBytes: 1_000_000, maxLogBytes: 1_000_000 },
	...{ maxDetachedSessions: 10, resumeWindow: 600_000 },
});

const anyOptions = fc.oneof(noRoom, room);

const numRuns = Number(process.env.EXACTLY_ONCE_RUNS ?? 150);

test("ORD1 ORD2 ORD5 ORD7 ORD13 ORD14 ORD17 PR1 RES3 SH5 SH6 gateways on one log tell everyone one order, and a resume on another loses nothing both ways, whatever happens to them", () => {
	const steps = fc.array(anyStep, {
		minLength: 10,
		maxLength: 80,
		size: "max",
	});
	fc.assert(fc.property(fc.nat(), anyOptions, steps, playCluster), { numRuns });
}, 900_000);

/** A step of the first of all, on the first node, unless it is said of another. */
const step = (
	what: ClusterStep["do"],
	{ who = 0, node = 0 } = {},
): ClusterStep => ({ do: what, who, node, whom: 0, size: 8 });

const goOn = [step("turn"), step("deliver"), step("turn"), step("deliver")];

test.each([1, 2, 3])(
	"RES3 ORD5 a try that its client has given up takes the session from nobody, wherever it comes from (%i)",
	(seed) => {
		const options = {
			...{ hasRoom: true, maxSessionBytes: 1_000_000, maxLogBytes: 1_000_000 },
			...{ maxDetachedSessions: 10, resumeWindow: 600_000 },
		};
		playCluster(seed, options, [
			...[step("cut"), ...goOn],
			// What it asks of this node has its place only when that has woken.
			{ ...step("abandon"), size: 0 },
			step("stall"),
			step("connect", { node: 1 }),
			...[step("broadcast", { who: 1 }), ...goOn],
			...[step("read"), step("confirm"), ...goOn],
			...[step("wake"), ...goOn],
		]);
	},
);
