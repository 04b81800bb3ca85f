/** A new connection's first steps: it registers, or it becomes a viewer [REG2, REG4]. */
import { hello, type Part } from "../protocol/gateway-messages.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import { CLOSE } from "../protocol/protocol.ts";
import type { RetainedMessages } from "../world/retained.ts";
import type { WorldState } from "../world/state.ts";
import type { Backlog } from "./backlog.ts";
import type { Closer } from "./close.ts";
import { type Connection, type Cut, LIVE, stopDeadline } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { forWire } from "./framing.ts";
import type { GrantClock } from "./grant-clock.ts";
import type { Group } from "./group.ts";
import type { Host } from "./host.ts";
import type { Listeners } from "./listeners.ts";
import type { MissedBytes, Piece } from "./missed-bytes.ts";
import type { RetainedBytes } from "./retained-bytes.ts";

/**
 * Bytes of snapshots that are sent in a turn to those whose time to register is over; the others wait for the next
 * one. Hundreds of them, each of which had missed a megabyte of a flood, held the process for 150 ms.
 */
const MOST_IN_TURN = 512 * 1024;

/** What the smallest of them counts: it has to be made and written, too. */
const LEAST_SNAPSHOT = 8 * 1024;

export interface Newcomers {
	/** This node takes part from here on: those who came before have waited for that [ORD1]. */
	begin(): void;
	/** Who is here and what is retained and sent to it, at this place of the order [REG6]. */
	cutHere(group: Group): Cut;
	/** What a new connection would be told as a viewer is cut again, here. */
	cutAnew(connection: Connection): void;
	/** Gives a connection until the deadline to register. */
	awaitRegistration(connection: Connection): void;
	/** Makes a new connection a viewer: greeting, and all that was broadcast since it opened [REG4]. */
	becomeViewer(connection: Connection): void;
	/** Whether there is room for a snapshot of about that size. If not, the connection is closed [SLOW4]. */
	makeRoom(connection: Connection, foreseen: Foreseen): boolean;
	/**
	 * Sends a snapshot, for which the connection is not judged too slow; where its client may ask for
	 * it again and again, once at a time [SLOW1]. It receives what is ordered from here on.
	 */
	start(connection: Connection, snapshot: Snapshot): void;
}

/** What brings a connection up to date: frames as `Host.encode` made them, and what is retained. */
export interface Snapshot {
	readonly frames: readonly Uint8Array[];
	readonly retained?: RetainedMessages | undefined;
	/** What comes after that. */
	readonly missed?: Piece | undefined;
	/** Whether it is sent but once in a connection's life. */
	readonly isOnce: boolean;
}

/** What can be told of a snapshot before it is made. */
export interface Foreseen
	extends Pick<Snapshot, "frames" | "retained" | "missed"> {
	/** Bytes of what will be sent besides. */
	readonly more?: number;
}

/** What newcomers need. */
export interface NewcomerParts {
	readonly host: Host;
	readonly options: ResolvedOptions;
	readonly world: WorldState;
	readonly outbox: Listeners;
	readonly connections: Connections;
	readonly backlog: Backlog;
	readonly closer: Closer;
	readonly retainedBytes: RetainedBytes;
	readonly missedBytes: MissedBytes;
	readonly grantClock: GrantClock;
	encode(...parts: readonly Part[]): Uint8Array;
}

export function createNewcomers(parts: NewcomerParts): Newcomers {
	const { host, options, world, outbox, backlog, closer, encode } = parts;
	const { connections, retainedBytes, missedBytes, grantClock } = parts;
	/** Whose time to register is over, in their order. */
	const overdue = new Set<Connection>();
	let hasBegun = false;
	let isAdmitting = false;
	/** Since those whose time is over were admitted last. */
	let snapshotBytes = 0;

	function cutHere({ audience }: Group): Cut {
		return {
			since: audience.position,
			roster: world.registry.roster(),
			retained: world.retained.all(audience.filter),
		};
	}

	function start(connection: Connection, snapshot: Snapshot): void {
		const pieces = piecesOf(connection, snapshot);
		const size = sizeOf(pieces);
		snapshotBytes += size;
		backlog.expectSnapshot(connection, size, snapshot.isOnce);
		for (const piece of pieces)
			outbox.direct(connection, piece.bytes, piece.count);
		goLive(connection);
	}

	/** What it is made of, as a connection takes it. */
	function piecesOf(
		{ socket }: Connection,
		{ frames, retained = [], missed }: Omit<Snapshot, "isOnce">,
	): Piece[] {
		const pieces: Piece[] = frames.map((frame) => ({
			bytes: forWire(host, socket, frame),
			count: 1,
		}));
		const { length: count } = retained;
		if (count > 0)
			pieces.push({ bytes: retainedBytes(retained, socket), count });
		if (missed && missed.count > 0) pieces.push(missed);
		return pieces;
	}

	function goLive(connection: Connection): void {
		const { phase, socket } = connection;
		stopDeadline(connection);
		if (phase.state !== "new") return;
		connection.phase = LIVE;
		phase.release();
		if (!socket.isDeaf) outbox.add(connection);
	}

	function makeRoom(connection: Connection, foreseen: Foreseen): boolean {
		const { retained, more = 0 } = foreseen;
		const shared = retained && retainedBytes(retained, connection.socket);
		const bytes = more + sizeOf(piecesOf(connection, foreseen));
		if (backlog.admitSnapshot(connection, { bytes, shared })) return true;
		closer.close(connection, CLOSE.busy);
		return false;
	}

	function becomeViewer(connection: Connection): void {
		const { phase } = connection;
		if (phase.state !== "new") return;
		phase.isViewer = true;
		if (!hasBegun) return;
		if (connection.socket.isDeaf) {
			goLive(connection);
			return;
		}
		const replayed = outbox.replay(connection);
		if (replayed) {
			catchUp(connection, { frames: replayed, isOnce: true });
			return;
		}
		const { group, socket } = connection;
		const missed = missedBytes(group.audience, phase.since, socket);
		// Where the log had to let go of some, all is cut here instead: no hole [LOG2].
		const { roster, retained } = missed ? phase : cutHere(group);
		const connectionId = connection.id;
		const expires = grantClock.secondsLeft(connection);
		const greeting = { connectionId, options, roster, expires };
		const frames = [encode(...hello(greeting))];
		catchUp(connection, { frames, retained, missed, isOnce: true });
	}

	function catchUp(connection: Connection, snapshot: Snapshot): void {
		if (makeRoom(connection, snapshot)) start(connection, snapshot);
	}

	function deadlinePassed(connection: Connection): void {
		overdue.add(connection);
		connection.stopDeadline = () => void overdue.delete(connection);
		if (isAdmitting) return;
		isAdmitting = true;
		admit();
	}

	function admit(): void {
		snapshotBytes = 0;
		for (const connection of overdue) {
			if (snapshotBytes >= MOST_IN_TURN) break;
			snapshotBytes += LEAST_SNAPSHOT;
			stopDeadline(connection);
			admitOne(connection);
		}
		host.defer(() => {
			isAdmitting = overdue.size > 0;
			if (isAdmitting) admit();
		});
	}

	function admitOne(connection: Connection): void {
		if (connection.pending) connection.isOverdue = true;
		else if (options.requireRegistration)
			closer.close(connection, CLOSE.registrationDeadline);
		else becomeViewer(connection);
	}

	function cutAnew(connection: Connection): void {
		const { phase } = connection;
		if (phase.state !== "new") return;
		const release = world.log.hold();
		phase.release();
		connection.phase = { ...phase, release, ...cutHere(connection.group) };
		if (phase.isViewer) becomeViewer(connection);
	}

	return {
		begin() {
			hasBegun = true;
			// What was here when they came was not the world yet.
			for (const connection of connections.all()) cutAnew(connection);
		},
		cutHere,
		cutAnew,
		awaitRegistration(connection) {
			stopDeadline(connection);
			connection.stopDeadline = host.setTimer(
				() => deadlinePassed(connection),
				options.registerTimeout,
			);
		},
		becomeViewer,
		makeRoom,
		start,
	};
}

function sizeOf(pieces: readonly Piece[]): number {
	return pieces.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}
