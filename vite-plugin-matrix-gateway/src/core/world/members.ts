/** Which nodes take part in a world, and how far each of them has come [ORD5, ORD6]. */
import type { Entry, NodeId } from "./command.ts";
import type { NodeCounts } from "./node-counts.ts";

export interface Members {
	/** Puts a node in, whose entries are counted from here on. */
	add(node: NodeId): void;
	/** Takes a node out, for good. */
	remove(node: NodeId): void;
	/** The number of a node's last entry; undefined where it is out. */
	sequenceOf(node: NodeId): number | undefined;
	/** Whether an entry is its node's next; then it counts as that [ORD5]. */
	admit(entry: Entry): boolean;
	/** Whether a node is the one whose ticks count [ORD6]. */
	isClock(node: NodeId): boolean;
	/** A node tells its connections that it goes. */
	drain(node: NodeId): void;
	/** Whether all of them do: then nobody is left to be told of anything [PR3]. */
	areDraining(): boolean;
	/** How many nodes have begun so far. */
	countBeginnings(): number;
	/** A node has spoken. Which beginning was its own, if that is the first time since another one's. */
	hear(node: NodeId): number | undefined;
	/** Whether another one has begun since a node has spoken. */
	isUnheard(node: NodeId): boolean;
	/** Whether one is in that has begun before another. */
	hasBegunBefore(beginning: number): boolean;
	/** Whether there is no other, and this one tells its connections that it goes. */
	isLastToGo(node: NodeId): boolean;
	/** A node that is in has told how it is. */
	report(node: NodeId, counts: NodeCounts): void;
	/** What it has told last. */
	countsOf(node: NodeId): NodeCounts | undefined;
	/** Those who are in, the one whose ticks count first. */
	all(): NodeId[];
	cut(): MembersSnapshot;
	/** Makes them what they were when that was cut. */
	restore(snapshot: MembersSnapshot): void;
}

/** Which nodes there were, in their order. */
export interface MembersSnapshot {
	/** Those who take part, each with the number of its last entry. */
	readonly sequences: readonly (readonly [NodeId, number])[];
	readonly draining: readonly NodeId[];
	readonly former: readonly NodeId[];
	/** These are absent in what was cut before there were any. */
	readonly beginnings?: number;
	/** Which of the beginnings was whose. */
	readonly begun?: readonly (readonly [NodeId, number])[];
	/** Who has not spoken since the last one. */
	readonly unheard?: readonly NodeId[];
	readonly reports?: readonly (readonly [NodeId, NodeCounts])[];
}

export function createMembers(): Members {
	let sequences = new Map<NodeId, number>();
	let draining = new Set<NodeId>();
	// Who has gone has another id when it comes back: its late entries are of the dead [ORD5].
	let former = new Set<NodeId>();
	let beginnings = 0;
	let begun = new Map<NodeId, number>();
	let unheard = new Set<NodeId>();
	let reports = new Map<NodeId, NodeCounts>();

	return {
		add(node) {
			// Its entry, which is its first, has been counted.
			if (!sequences.has(node)) sequences.set(node, 0);
			begun.set(node, ++beginnings);
			unheard = new Set(sequences.keys());
			unheard.delete(node);
		},
		remove(node) {
			draining.delete(node);
			begun.delete(node);
			unheard.delete(node);
			reports.delete(node);
			former.add(node);
			sequences.delete(node);
		},
		sequenceOf: (node) => sequences.get(node),
		admit({ node, sequence, commands }) {
			if (former.has(node)) return false;
			// A node that is not in yet begins with its own entry.
			if (sequence === 1 && commands[0]?.type === "up" && !sequences.has(node))
				sequences.set(node, 0);
			if (sequences.get(node) !== sequence - 1) return false;
			sequences.set(node, sequence);
			return true;
		},
		isClock(node) {
			const [first] = sequences.keys();
			return first === node;
		},
		drain(node) {
			draining.add(node);
		},
		areDraining: () => draining.size > 0 && draining.size === sequences.size,
		countBeginnings: () => beginnings,
		hear: (node) => (unheard.delete(node) ? begun.get(node) : undefined),
		isUnheard: (node) => unheard.has(node),
		hasBegunBefore: (beginning) =>
			[...begun.values()].some((other) => other < beginning),
		isLastToGo: (node) =>
			sequences.size === 1 && sequences.has(node) && draining.has(node),
		report(node, counts) {
			if (sequences.has(node)) reports.set(node, counts);
		},
		countsOf: (node) => reports.get(node),
		all: () => [...sequences.keys()],
		cut: () => ({
			sequences: [...sequences],
			draining: [...draining],
			former: [...former],
			beginnings,
			begun: [...begun],
			unheard: [...unheard],
			reports: [...reports],
		}),
		restore(snapshot) {
			sequences = new Map(snapshot.sequences);
			draining = new Set(snapshot.draining);
			former = new Set(snapshot.former);
			beginnings = snapshot.beginnings ?? 0;
			begun = new Map(snapshot.begun);
			unheard = new Set(snapshot.unheard);
			reports = new Map(snapshot.reports);
		},
	};
}
