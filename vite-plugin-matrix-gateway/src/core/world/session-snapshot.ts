/** Sessions as plain data, and back [ORD9]. What they point at is named, not held. */
import type { ConnectionId } from "./command.ts";
import type { Doubt, Exception, Peer, Receipt, Session } from "./peer.ts";
import { keepException } from "./session-account.ts";
import type { Sessions } from "./sessions.ts";
import type { WorldState } from "./state.ts";

/** A session. */
export interface SessionSnapshot {
	readonly id: string;
	readonly digest: string;
	readonly replaces: string | undefined;
	/** The connection of its peer. */
	readonly conn: ConnectionId;
	readonly received: number;
	readonly since: number;
	readonly before: number;
	readonly bound: number | undefined;
	/** Absent in what was cut before there was any. */
	readonly doubt?: Doubt | undefined;
	readonly exceptions: readonly ExceptionSnapshot[];
}

export interface ExceptionSnapshot {
	readonly at: number;
	readonly frame: Uint8Array | undefined;
	/** Absent in what was cut before it could be more than one. */
	readonly count?: number | undefined;
	readonly receipt?: ReceiptSnapshot | undefined;
}

export interface ReceiptSnapshot {
	readonly id: string;
	readonly target: string;
	readonly conn: ConnectionId;
	/** The id of its sender's session, while that lasts. */
	readonly session: string | undefined;
}

/** A session that waits, by its id, and until when. */
export type WaitingSnapshot = readonly [session: string, until: number];

export function cutSessions(sessions: Sessions): SessionSnapshot[] {
	const all = [...sessions.all()];
	const alive = new Set(all);
	return all.map((session) => cutSession(session, alive));
}

export function cutWaiting(sessions: Sessions): WaitingSnapshot[] {
	return [...sessions.waiting()].map(([{ id }, until]) => [id, until]);
}

/** Puts sessions on their peers, in place of all that there are. The log is restored after it. */
export function restoreSessions(
	{ sessions, log, peers }: Pick<WorldState, "sessions" | "log" | "peers">,
	snapshots: readonly SessionSnapshot[],
	waiting: readonly WaitingSnapshot[],
): void {
	const byId = new Map<string, Session>();
	for (const snapshot of snapshots) {
		const peer = peers.get(snapshot.conn) as Peer;
		peer.session = begin(snapshot, peer, log.hold());
		byId.set(snapshot.id, peer.session);
	}
	// Only now: a receipt may go to a session that began later.
	for (const { id, exceptions } of snapshots)
		for (const exception of exceptions)
			keepException(byId.get(id) as Session, fill(exception, byId));
	sessions.restore(
		[...byId.values()],
		waiting.map(([id, until]) => [byId.get(id) as Session, until]),
	);
}

function cutSession(
	session: Session,
	alive: ReadonlySet<Session>,
): SessionSnapshot {
	const { id, digest, replaces, peer, received, since, before } = session;
	const { bound, doubt, exceptions } = session;
	// Not a spread of some of them, which took 80 ms for 10,000 sessions instead of 4.
	return {
		id,
		digest,
		replaces,
		conn: peer.conn,
		received,
		since,
		before,
		bound,
		doubt,
		exceptions: exceptions.map((exception) => cutException(exception, alive)),
	};
}

function cutException(
	exception: Exception,
	alive: ReadonlySet<Session>,
): ExceptionSnapshot {
	const { at, frame, receipt } = exception;
	if (!receipt) return exception as ExceptionSnapshot;
	return { at, frame, receipt: cutReceipt(receipt, alive) };
}

/** A session that has ended had its last connection, and will have no other. */
function cutReceipt(
	{ id, target, conn, session }: Receipt,
	alive: ReadonlySet<Session>,
): ReceiptSnapshot {
	if (!session) return { id, target, conn, session };
	return alive.has(session)
		? { id, target, conn, session: session.id }
		: { id, target, conn: session.peer.conn, session: undefined };
}

function begin(
	snapshot: SessionSnapshot,
	peer: Peer,
	release: () => void,
): Session {
	const { id, digest, replaces, received, since, before } = snapshot;
	const { bound, doubt } = snapshot;
	return {
		id,
		digest,
		replaces,
		peer,
		received,
		since,
		before,
		exceptions: [],
		balance: 0,
		bytes: 0,
		...{ bound, doubt },
		release,
	};
}

function fill(
	{ at, frame, count, receipt }: ExceptionSnapshot,
	byId: ReadonlyMap<string, Session>,
): Exception {
	if (!receipt) return { at, frame, count };
	const session =
		receipt.session === undefined ? undefined : byId.get(receipt.session);
	return { at, frame, receipt: { ...receipt, session } };
}
