/** Which sessions there are, and how long a detached one waits for its client [RES3, RES4]. */
import type { Connection } from "../edge/connection.ts";
import type { Host } from "../edge/host.ts";
import type { Log } from "./broadcast-log.ts";
import { type Exception, type Session, shrink } from "./session-account.ts";

/** All sessions of a gateway. */
export interface Sessions {
	/** A session for a connection that begins here in the order, in place of one that is lost. */
	create(connection: Connection, replaces?: string): Session;
	/** The session of that public token, compared in constant time. */
	find(token: string): Session | undefined;
	/** Told by how much sessions have grown; past their common bound the largest lets go of half [RES2]. */
	grew(bytes: number): void;
	/** Starts the window after which a session expires. */
	detach(session: Session): void;
	/** Stops it: the client is back. */
	attach(session: Session): void;
	/** Forgets a session. False where it was forgotten before. */
	remove(session: Session): boolean;
	/** Expires those that are detached and forgets the others: no timer is left. */
	clear(): void;
}

/** What sessions need. */
export interface SessionsOptions {
	readonly log: Log;
	/** Milliseconds; 0 for no sessions at all. */
	readonly resumeWindow: number;
	/** Detached sessions at once; past that the oldest expires. */
	readonly maxDetachedSessions: number;
	/** What the exceptions of all sessions may cost. */
	readonly maxSessionBytes: number;
	/** Called for a session whose client did not come back. */
	expire(session: Session): void;
	/** Told of what a session had to let go of. */
	dropped(exceptions: readonly Exception[]): void;
}

/** What a client shows to resume: `id.secret`. */
export function tokenOf({ id, secret }: Session): string {
	return `${id}.${secret}`;
}

/**
 * A timer that is so many milliseconds late means that the process did not run: nobody could come
 * back meanwhile, and who tried is heard within so many more [HB5].
 */
const ASLEEP = 1_000;
const GRACE = 10_000;

/** Its timer runs only while a session is detached. */
export function createSessions(host: Host, options: SessionsOptions): Sessions {
	const { log, resumeWindow, maxDetachedSessions, expire } = options;
	const { maxSessionBytes, dropped } = options;
	const sessions = new Map<string, Session>();
	// In the order in which they were detached, and so in that of their ends.
	const detached = new Map<Session, number>();
	let stopTimer: (() => void) | undefined;
	// Not less than what they cost: what they let go of by themselves is subtracted late.
	let bytes = 0;

	function relieve(): void {
		bytes = 0;
		let largest: Session | undefined;
		for (const session of sessions.values()) {
			bytes += session.bytes;
			if (session.bytes > (largest?.bytes ?? 0)) largest = session;
		}
		if (bytes <= maxSessionBytes || !largest) return;
		const before = largest.bytes;
		const exceptions = shrink(largest, before / 2);
		bytes -= before - largest.bytes;
		dropped(exceptions);
	}

	function schedule(): void {
		stopTimer?.();
		stopTimer = undefined;
		const [oldest] = detached;
		if (!oldest) return;
		const wait = Math.max(0, oldest[1] - host.now());
		stopTimer = host.setTimer(expireDue, wait);
	}

	function expireDue(): void {
		stopTimer = undefined;
		const now = host.now();
		const [oldest = now] = detached.values();
		if (now - oldest > ASLEEP) prolong(now + Math.min(GRACE, resumeWindow));
		for (const [session, end] of detached) {
			if (end > now) break;
			detached.delete(session);
			expire(session);
		}
		schedule();
	}

	/** Lets none expire before that. */
	function prolong(least: number): void {
		for (const [session, end] of detached)
			detached.set(session, Math.max(end, least));
	}

	function attach(session: Session): void {
		if (detached.delete(session) && detached.size === 0) schedule();
	}

	return {
		create(connection, replaces) {
			const session: Session = {
				id: host.randomId(),
				secret: host.randomSecret(),
				replaces,
				connection,
				received: 0,
				since: log.position,
				before: 0,
				exceptions: [],
				balance: 0,
				bytes: 0,
				release: log.hold(),
			};
			sessions.set(session.id, session);
			return session;
		},
		find(token) {
			const session = sessions.get(token.slice(0, token.indexOf(".")));
			if (!session) return undefined;
			return host.isEqual(token, tokenOf(session)) ? session : undefined;
		},
		grew(more) {
			bytes += Math.max(0, more);
			if (bytes > maxSessionBytes) relieve();
		},
		detach(session) {
			detached.set(session, host.now() + resumeWindow);
			const [oldest] = detached.keys();
			if (detached.size > maxDetachedSessions && oldest) {
				detached.delete(oldest);
				expire(oldest);
			}
			if (!stopTimer) schedule();
		},
		attach,
		remove(session) {
			attach(session);
			session.release();
			return sessions.delete(session.id);
		},
		clear() {
			for (const session of detached.keys()) expire(session);
			for (const session of sessions.values()) session.release();
			sessions.clear();
		},
	};
}
