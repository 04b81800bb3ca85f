/** A new connection's first steps: it registers, or it becomes a viewer [REG2, REG4]. */
import { expectSnapshot } from "./backlog.ts";
import type { Connection } from "./connection.ts";
import { closeConnection } from "./ending.ts";
import type { Hub } from "./hub.ts";
import { type Greeting, hello } from "./messages.ts";
import { CLOSE } from "./protocol.ts";

/** Gives a connection until the deadline to register. */
export function awaitRegistration(hub: Hub, connection: Connection): void {
	const { requireRegistration, registerTimeout } = hub.options;
	connection.stopDeadline?.();
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
	const missed = phase.hold.since();
	// Where the log had to let go of some, roster and live are cut here instead: no hole [LOG2].
	const roster = missed ? phase.roster : hub.registry.rosterJson();
	const text = hello(greeting(hub, connection, roster));
	const frames = (missed ?? []).map(({ frame }) => frame);
	sendSnapshot(hub, connection, [hub.host.encode(text), ...frames]);
	goLive(hub, connection);
}

/** Sends a connection what brings it up to date, for which it is not judged too slow [SLOW1]. */
export function sendSnapshot(
	hub: Hub,
	connection: Connection,
	frames: readonly Uint8Array[],
): void {
	let bytes = 0;
	for (const frame of frames) {
		hub.log.append({ frame, to: connection });
		bytes += frame.byteLength;
	}
	expectSnapshot(connection, bytes);
}

/** Lets a connection receive from this position of the order on. */
export function goLive(hub: Hub, connection: Connection): void {
	const { phase } = connection;
	if (phase.state !== "new") return;
	connection.stopDeadline?.();
	connection.stopDeadline = undefined;
	connection.phase = { state: "live" };
	phase.hold.release();
	hub.outbox.add(connection);
}

/** What a greeting tells, with the roster given. */
export function greeting(
	hub: Hub,
	connection: Connection,
	rosterJson: string,
): Greeting {
	const { heartbeatInterval, maxPayload } = hub.options;
	return {
		connectionId: connection.id,
		heartbeatInterval,
		maxPayload,
		rosterJson,
	};
}
