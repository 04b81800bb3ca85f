/** What was said and heard in a trial, for the oracle. */

/** One numbered message. A speaker numbers all that it says, whomever it is for. */
export interface Said {
	readonly from: string;
	readonly at: number;
	/** Whom it was for; absent: for all. */
	readonly to?: string;
}

/** An agent came or went, as an observer was told. */
export interface Presence {
	readonly agentId: string;
	readonly isThere: boolean;
}

/**
 * What one observer was told from where it began anew, by a greeting or by a lost session, up to
 * where it did so again. Drops that were resumed are no end of it.
 */
export interface Segment {
	readonly observer: string;
	readonly heard: readonly Said[];
	/** Who was there when it began. */
	readonly roster: readonly string[];
	readonly presence: readonly Presence[];
	/** Whether it began before anybody spoke. */
	readonly isFirst: boolean;
	/** Whether its observer began no other after it. */
	readonly isLast: boolean;
}

/** The same, while its observer is told more. */
export interface Kept extends Pick<Segment, "roster"> {
	readonly heard: Said[];
	readonly presence: Presence[];
}

/** All that one observer was told, oldest first. */
export function toSegments(observer: string, kept: readonly Kept[]): Segment[] {
	return kept.map((segment, index) => ({
		...segment,
		observer,
		isFirst: index === 0,
		isLast: index === kept.length - 1,
	}));
}

export interface Speaker {
	readonly name: string;
	readonly said: readonly Said[];
	/** Numbers of what it was told is perhaps lost, or is. */
	readonly givenUp: ReadonlySet<number>;
	/** How many it had said when it was last told that its session is lost. */
	readonly saidAtLoss: number;
	/** What it was told of each message that asked for a receipt, in its order. */
	readonly receipts: readonly string[];
}

/** A connection that had a name until another took it over. */
export interface Owner {
	/** Numbers of the probes that came to it, and when the name was another's. */
	readonly events: readonly (number | "replaced")[];
}

export interface Records {
	readonly segments: readonly Segment[];
	readonly speakers: readonly Speaker[];
	readonly owners: readonly Owner[];
	/** What became of each probe, as its sender was told. */
	readonly probes: readonly string[];
}
