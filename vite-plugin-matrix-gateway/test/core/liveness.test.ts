/** Who has vanished, by what is in the order alone. */
import { expect, test } from "vitest";
import { createLiveness } from "../../src/core/order/liveness.ts";

const LEASE = 10_000;

/** Milliseconds between two signs of life. */
const BEAT = 500;

test("[ORD14] who says nothing for a lease has vanished; who speaks has not", () => {
	const { live, vanished } = createNode();
	live(LEASE - BEAT, ["me", "quiet", "other"]);
	live(LEASE - BEAT, ["me", "other"]);
	expect(vanished("me", "quiet", "other")).toEqual([]);
	live(2 * BEAT, ["me", "other"]);
	expect(vanished("me", "quiet", "other")).toEqual(["quiet"]);
});

test("[ORD14] it says up to where they were seen", () => {
	const { liveness, live } = createNode();
	live(2 * BEAT, ["me", "quiet"]);
	live(2 * LEASE, ["me"]);
	expect(liveness.vanished(["me", "quiet"])).toEqual([
		{ type: "gone", node: "quiet", seen: 2 },
	]);
});

test("[ORD14] each is told of once a lease", () => {
	const { live, vanished } = createNode();
	live(LEASE + BEAT, ["me"]);
	expect(vanished("me", "quiet")).toEqual([]);
	live(LEASE, ["me"]);
	expect(vanished("me", "quiet")).toEqual(["quiet"]);
	expect(vanished("me", "quiet")).toEqual([]);
	live(LEASE, ["me"]);
	expect(vanished("me", "quiet")).toEqual(["quiet"]);
});

test("[ORD14] nobody vanishes while nothing of one's own comes back", () => {
	const { live, sleep, vanished } = createNode();
	live(2 * BEAT, ["me", "other"]);
	sleep(10 * LEASE);
	expect(vanished("me", "other")).toEqual([]);
	// One's own comes first, as it may where both were waiting.
	live(BEAT, ["me"]);
	expect(vanished("me", "other")).toEqual([]);
	live(BEAT, ["other"]);
	expect(vanished("me", "other")).toEqual([]);
});

test("[ORD14] what is read at once, after a pause, is no time that has passed", () => {
	const { liveness, live, vanished } = createNode();
	live(2 * BEAT, ["me", "other"]);
	for (let sequence = 3; sequence < 200; sequence++)
		liveness.heard({ node: "me", sequence });
	expect(vanished("me", "other")).toEqual([]);
});

test("[ORD14] what comes twice is no sign of life", () => {
	const { liveness, live, vanished } = createNode();
	live(2 * BEAT, ["me", "quiet"]);
	for (let n = 0; n < 2 * (LEASE / BEAT); n++) {
		live(BEAT, ["me"]);
		liveness.heard({ node: "quiet", sequence: 2 });
	}
	expect(vanished("me", "quiet")).toEqual(["quiet"]);
});

test("[ORD14] nodes of a snapshot have a lease from there on, and are seen where they were", () => {
	const { liveness, live } = createNode();
	liveness.found([["old", 41]]);
	live(LEASE - BEAT, ["me"]);
	expect(liveness.vanished(["me", "old"])).toEqual([]);
	live(BEAT, ["me"]);
	expect(liveness.vanished(["me", "old"])).toEqual([
		{ type: "gone", node: "old", seen: 41 },
	]);
});

test("[ORD14] it never tells of itself", () => {
	const { live, vanished } = createNode();
	live(LEASE, ["other"]);
	live(3 * LEASE, ["me"]);
	expect(vanished("me")).toEqual([]);
});

function createNode() {
	let time = 0;
	const sequences = new Map<string, number>();
	const liveness = createLiveness({
		node: "me",
		lease: LEASE,
		now: () => time,
	});

	/** For so long these say that they live. */
	function live(milliseconds: number, nodes: readonly string[]): void {
		for (let passed = 0; passed < milliseconds; passed += BEAT) {
			time += BEAT;
			for (const node of nodes) {
				const sequence = (sequences.get(node) ?? 0) + 1;
				sequences.set(node, sequence);
				liveness.heard({ node, sequence });
			}
		}
	}

	return {
		...{ liveness, live },
		sleep(milliseconds: number): void {
			time += milliseconds;
		},
		vanished: (...members: string[]) =>
			liveness.vanished(members).map(({ node }) => node),
	};
}
