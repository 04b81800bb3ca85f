/** Who of the nodes of a shared order has vanished, told by what is in the order alone [ORD14]. */
import type { Entry, Gone, NodeId } from "../world/command.ts";

/** Milliseconds for which a node may say nothing: it says something twice a second [ORD14]. */
export const LEASE = 10_000;

export interface Liveness {
	/** Takes nodes that were found in a snapshot, each with the number of its last entry. */
	found(sequences: Iterable<readonly [NodeId, number]>): void;
	/** An entry was read. */
	heard(entry: Pick<Entry, "node" | "sequence">): void;
	/** Of these members those that have been silent for too long, each once a lease; never this node. */
	vanished(members: readonly NodeId[]): Gone[];
}

/** What it needs. */
export interface LivenessParts {
	/** This node. */
	readonly node: NodeId;
	/** @default LEASE */
	readonly lease?: number | undefined;
	/** Milliseconds, from whenever; it never runs backwards. */
	now(): number;
}

/** One entry of this node's stands for no more than so many milliseconds. */
const LONGEST = 1_000;

interface Other {
	/** The number of its last entry. */
	readonly seen: number;
	/** When that was, in own time. */
	readonly at: number;
}

/**
 * Time passes here only as this node's own entries come back: while the order sleeps, or this process
 * does, nobody says anything, and nobody has vanished.
 */
export function createLiveness(parts: LivenessParts): Liveness {
	const { node, lease = LEASE, now } = parts;
	let time = 0;
	let lastOwn = now();
	const others = new Map<NodeId, Other>();

	function cameBack(): void {
		const at = now();
		time += Math.min(at - lastOwn, LONGEST);
		lastOwn = at;
	}

	function isSilent(member: NodeId): boolean {
		const other = others.get(member);
		if (!other) others.set(member, { seen: 0, at: time });
		return other !== undefined && time - other.at >= lease;
	}

	function declare(member: NodeId): Gone {
		const seen = others.get(member)?.seen ?? 0;
		others.set(member, { seen, at: time });
		return { type: "gone", node: member, seen };
	}

	function forgetAllBut(members: readonly NodeId[]): void {
		for (const other of others.keys())
			if (!members.includes(other)) others.delete(other);
	}

	return {
		found(sequences) {
			for (const [member, seen] of sequences)
				others.set(member, { seen, at: time });
		},
		heard({ node: from, sequence }) {
			if (from === node) cameBack();
			// What comes twice is no sign of life.
			else if (sequence > (others.get(from)?.seen ?? 0))
				others.set(from, { seen: sequence, at: time });
		},
		vanished(members) {
			forgetAllBut(members);
			return members
				.filter((member) => member !== node && isSilent(member))
				.map(declare);
		},
	};
}
