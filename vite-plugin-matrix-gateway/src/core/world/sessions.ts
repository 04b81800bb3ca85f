/** Which sessions there are, and how long a detached one waits for its client [RES3, RES4]. */
import type { BroadcastLog } from "./broadcast-log.ts";
import type { NewSession } from "./command.ts";
import type { WorldOptions } from "./options.ts";
import type { Exception, Peer, Session } from "./peer.ts";
import { releaseAccount, shrink } from "./session-account.ts";

/** All sessions of a world. */
export interface Sessions {
	/** A session for a peer that begins here in the order, in place of one that is lost. */
	create(peer: Peer, session: NewSession, replaces?: string): Session;
	/** The session of that id and token. */
	find(claim: NewSession): Session | undefined;
	/**
	 * Told by how much sessions have grown; past their common bound the largest lets go of half,
	 * which is returned [RES2].
	 */
	grew(bytes: number): readonly Exception[];
	/** A session waits until then. Past the bound the oldest waits no more, and is returned [RES4]. */
	detach(session: Session, until: number): Session | undefined;
	/** It does not wait any more: its client is back. */
	attach(session: Session): void;
	/** Forgets a session. False where it was forgotten before. */
	remove(session: Session): boolean;
	/** Those whose time is over. They wait no more. */
	due(now: number): Session[];
	/** Those that wait and whose grants have ended by then [AUTH4]. */
	expired(at: number): Session[];
	/** Before this none of those that wait is due; undefined where none waits. */
	firstDue(): number | undefined;
	/** What is kept for all of them alone, in bytes. */
	countBytes(): number;
	/** All, in the order in which they began. */
	all(): IterableIterator<Session>;
	/** Those that wait, in the order in which they were detached, and until when. */
	waiting(): IterableIterator<[Session, number]>;
	/** Puts these in, in place of all that are in. */
	restore(
		all: readonly Session[],
		waiting: readonly (readonly [Session, number])[],
	): void;
}

/** How many may be detached at once, and what the exceptions of all may cost. They may change. */
export type SessionsOptions = Pick<
	WorldOptions,
	"maxDetachedSessions" | "maxSessionBytes"
>;

export function createSessions(
	log: BroadcastLog,
	options: SessionsOptions,
): Sessions {
	let sessions = new Map<string, Session>();
	// In the order in which they were detached.
	let detached = new Map<Session, number>();
	// No later than the first end: to look for it at each drop would make of N drops N² looks.
	let earliest = Number.POSITIVE_INFINITY;
	// Not less than what they cost: what they let go of by themselves is subtracted late.
	let bytes = 0;

	function relieve(): readonly Exception[] {
		bytes = 0;
		let largest: Session | undefined;
		for (const session of sessions.values()) {
			bytes += session.bytes;
			if (session.bytes > (largest?.bytes ?? 0)) largest = session;
		}
		if (bytes <= options.maxSessionBytes || !largest) return NOTHING;
		const before = largest.bytes;
		const exceptions = shrink(largest, before / 2);
		bytes -= before - largest.bytes;
		return exceptions;
	}

	return {
		create(peer, { id, digest }, replaces) {
			const { audience } = peer;
			audience.hold();
			const session: Session = {
				id,
				digest,
				replaces,
				peer,
				received: 0,
				since: audience.position,
				base: audience,
				before: 0,
				exceptions: [],
				balance: 0,
				bytes: 0,
				bound: undefined,
				doubt: undefined,
				release: log.hold(),
			};
			sessions.set(id, session);
			return session;
		},
		find({ id, digest }) {
			const session = sessions.get(id);
			return session?.digest === digest ? session : undefined;
		},
		grew(more) {
			bytes += Math.max(0, more);
			return bytes > options.maxSessionBytes ? relieve() : NOTHING;
		},
		detach(session, until) {
			detached.set(session, until);
			earliest = Math.min(earliest, until);
			if (detached.size <= options.maxDetachedSessions) return undefined;
			const [oldest] = detached.keys();
			if (oldest) detached.delete(oldest);
			return oldest;
		},
		attach: (session) => void detached.delete(session),
		remove(session) {
			detached.delete(session);
			if (!sessions.delete(session.id)) return false;
			releaseAccount(session);
			return true;
		},
		due(now) {
			const due: Session[] = [];
			if (now < earliest) return due;
			earliest = Number.POSITIVE_INFINITY;
			for (const [session, until] of detached)
				if (until <= now) due.push(session);
				else earliest = Math.min(earliest, until);
			for (const session of due) detached.delete(session);
			return due;
		},
		expired: (at) =>
			[...detached.keys()].filter(
				({ peer: { expires } }) => expires !== undefined && expires <= at,
			),
		firstDue: () => (detached.size > 0 ? earliest : undefined),
		countBytes() {
			let sum = 0;
			for (const session of sessions.values()) sum += session.bytes;
			return sum;
		},
		all: () => sessions.values(),
		waiting: () => detached.entries(),
		restore(all, waiting) {
			for (const session of sessions.values()) releaseAccount(session);
			sessions = new Map(all.map((session) => [session.id, session]));
			detached = new Map(waiting);
			earliest = Number.POSITIVE_INFINITY;
			for (const until of detached.values())
				earliest = Math.min(earliest, until);
			bytes = all.reduce((sum, session) => sum + session.bytes, 0);
		},
	};
}

const NOTHING: readonly Exception[] = [];
