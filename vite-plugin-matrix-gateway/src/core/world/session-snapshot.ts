/** Sessions as plain data, and back [ORD9]. What they point at is named, not held. */
import type { Audience } from "./audience.ts";
import type { ConnectionId } from "./command.ts";
import type { Doubt, Exception, Peer, Receipt, Session, Turn } from "./peer.ts";
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
	/** The name of the filter in whose audience that is. Absent in what was cut before there were any. */
	readonly base?: string | undefined;
	readonly before: number;
	readonly bound: number | undefined;
	/** Absent in what was cut before there was any. */
	readonly doubt?: Doubt | undefined;
	readonly exceptions: readonly ExceptionSnapshot[];
}

export interface ExceptionSnapshot {
	readonly at: number;
	readonly frame: Uint8Array | undefined;
	/** How many broadcasts it leaves out, in what was cut before there were filters; else one. */
	readonly count?: number | undefined;
	readonly receipt?: ReceiptSnapshot | undefined;
	readonly turn?: TurnSnapshot | undefined;
}

export interface TurnSnapshot {
	/** The name of the filter; absent where all is sent. */
	readonly filter: string | undefined;
	readonly start: number;
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

/** The first place in the log of what a session may yet be asked for; undefined where there is none. */
export function firstNeeded(sessions: Sessions): number | undefined {
	const starts = new Map<Audience, number>();
	const need = (audience: Audience, at: number) =>
		starts.set(audience, Math.min(at, starts.get(audience) ?? at));
	for (const { base, since, exceptions } of sessions.all()) {
		need(base, since);
		for (const { turn } of exceptions)
			if (turn) need(turn.audience, turn.start);
	}
	if (starts.size === 0) return undefined;
	const places = [...starts].map(([audience, at]) => audience.placeInLog(at));
	return Math.min(...places);
}

/**
 * Puts sessions on their peers, in place of all that there are. The log is restored after it.
 * @param position That of the log.
 */
export function restoreSessions(
	state: Pick<WorldState, "sessions" | "log" | "peers" | "audiences">,
	snapshots: readonly SessionSnapshot[],
	waiting: readonly WaitingSnapshot[],
	position: number,
): void {
	const { sessions, peers } = state;
	const byId = new Map<string, Session>();
	for (const one of snapshots) {
		const peer = peers.get(one.conn) as Peer;
		peer.session = begin(state, one, peer);
		byId.set(one.id, peer.session);
	}
	// Only now: a receipt may go to a session that began later.
	for (const { id, exceptions } of snapshots) {
		const session = byId.get(id) as Session;
		for (const exception of exceptions)
			keepException(session, fill(state, exception, byId));
		turnToFilter(session, position);
	}
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
	const base = session.base.filter?.name;
	// Not a spread of some of them, which took 80 ms for 10,000 sessions instead of 4.
	return {
		id,
		digest,
		replaces,
		conn: peer.conn,
		received,
		since,
		base,
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
	const { at, frame, receipt, turn } = exception;
	if (turn) return { at, frame, turn: cutTurn(turn) };
	if (!receipt) return exception as ExceptionSnapshot;
	return { at, frame, receipt: cutReceipt(receipt, alive) };
}

function cutTurn({ audience, start }: Turn): TurnSnapshot {
	return { filter: audience.filter?.name, start };
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
	{ audiences, log }: Pick<WorldState, "audiences" | "log">,
	snapshot: SessionSnapshot,
	peer: Peer,
): Session {
	const { id, digest, replaces, received, since, before } = snapshot;
	const { bound, doubt } = snapshot;
	const base = audiences.named(snapshot.base);
	base.hold();
	return {
		id,
		digest,
		replaces,
		peer,
		received,
		since,
		base,
		before,
		exceptions: [],
		balance: 0,
		bytes: 0,
		...{ bound, doubt },
		release: log.hold(),
	};
}

/** Where it was cut before there were filters, its peer may have one that its session knows nothing of. */
function turnToFilter(session: Session, at: number): void {
	const { base, exceptions, peer } = session;
	const last = exceptions.findLast(({ turn }) => turn)?.turn?.audience ?? base;
	const { audience } = peer;
	if (last === audience) return;
	const turn = { audience, start: audience.position };
	keepException(session, { at, frame: undefined, turn });
}

function fill(
	{ audiences }: Pick<WorldState, "audiences">,
	{ at, frame, count, receipt, turn }: ExceptionSnapshot,
	byId: ReadonlyMap<string, Session>,
): Exception {
	if (turn) {
		const audience = audiences.named(turn.filter);
		return { at, frame, turn: { audience, start: turn.start } };
	}
	if (!receipt) return { at, frame, count };
	const session =
		receipt.session === undefined ? undefined : byId.get(receipt.session);
	return { at, frame, receipt: { ...receipt, session } };
}
