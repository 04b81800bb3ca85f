/** A new connection's first steps: it registers, or it becomes a viewer [REG2, REG4]. */

import { forWire, type Hub } from "../hub.ts";
import { hello } from "../protocol/gateway-messages.ts";
import { CLOSE } from "../protocol/protocol.ts";
import type { Entry } from "../world/broadcast-log.ts";
import type { Snapshot } from "../world/retained.ts";
import { closeConnection } from "./close.ts";
import { type Connection, LIVE, stopDeadline } from "./connection.ts";

/** Gives a connection until the deadline to register. */
export function awaitRegistration(hub: Hub, connection: Connection): void {
	const { requireRegistration, registerTimeout } = hub.options;
	stopDeadline(connection);
	connection.stopDeadline = hub.host.setTimer(() => {
		connection.stopDeadline = undefined;
		if (requireRegistration)
			closeConnection(hub, connection, CLOSE.registrationDeadline);
		else becomeViewer(hub, connection);
	}, registerTimeout);
}

/** Makes a new connection a viewer: greeting, and all that was broadcast since it opened [REG4]. */
export function becomeViewer(hub: Hub, connection: Connection): void {
	const { phase } = connection;
	if (phase.state !== "new") return;
	const missed = hub.log.since(phase.since);
	// Where the log had to let go of some, all is cut here instead: no hole [LOG2].
	const { roster, retained } = missed ? phase : cutHere(hub);
	const parts = hello({
		connectionId: connection.id,
		options: hub.options,
		roster,
	});
	const isSent = sendSnapshot(hub, connection, [
		{ frame: hub.host.encode(...parts) },
		ofRetained(connection, retained),
		...(missed ?? []).map((frame) => ({ frame })),
	]);
	if (isSent) goLive(hub, connection);
}

/** Who is here and what is retained at this position of the order [REG6]. */
export function cutHere(hub: Hub): {
	readonly since: number;
	readonly roster: Uint8Array;
	readonly retained: Snapshot;
} {
	return {
		since: hub.log.position,
		roster: hub.registry.roster(),
		retained: hub.retained.snapshot(),
	};
}

/** The retained messages as a part of what a connection is sent. */
export function ofRetained(
	{ socket }: Connection,
	snapshot: Snapshot,
): SnapshotPart {
	const wire = socket.compresses ? snapshot.compressed : snapshot.bytes;
	return { frame: wire, frames: snapshot.frames, wire };
}

/** Frames in one piece, and whether a session counts them. */
type SnapshotPart = Pick<Entry, "frame" | "frames" | "wire" | "uncounted">;

/** Sends a connection what brings it up to date. False where there was no room for it. */
export function sendSnapshot(
	hub: Hub,
	connection: Connection,
	parts: readonly SnapshotPart[],
	isOnce = true,
): boolean {
	const entries = admitSnapshot(hub, connection, parts, isOnce);
	for (const entry of entries ?? []) hub.log.append(entry);
	return entries !== undefined;
}

/**
 * Makes room for what brings a connection up to date, for which it is not judged too slow; where
 * its client may ask for it again and again, once at a time [SLOW1]. Undefined where there is no
 * room for it, and the connection was closed instead [SLOW4].
 */
export function admitSnapshot(
	hub: Hub,
	connection: Connection,
	parts: readonly SnapshotPart[],
	isOnce = true,
): readonly Entry[] | undefined {
	let bytes = 0;
	let shared: Uint8Array | undefined;
	const entries = parts.map((part) => {
		const { wire = forWire(hub, connection, part.frame) } = part;
		bytes += wire.byteLength;
		if (part.frames) shared = wire;
		return { ...part, wire, to: connection };
	});
	if (!hub.backlog.expectSnapshot(connection, { bytes, shared }, isOnce)) {
		closeConnection(hub, connection, CLOSE.busy);
		return undefined;
	}
	return entries.filter(({ wire }) => wire.byteLength > 0);
}

/** Lets a connection receive from this position of the order on. */
export function goLive(hub: Hub, connection: Connection): void {
	const { phase } = connection;
	stopDeadline(connection);
	if (phase.state !== "new") return;
	connection.phase = LIVE;
	phase.release();
	hub.outbox.add(connection);
}
