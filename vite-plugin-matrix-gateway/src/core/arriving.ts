/** A new connection's first steps: it registers, or it becomes a viewer [REG2, REG4]. */
import { expectSnapshot } from "./backlog.ts";
import type { Connection } from "./connection.ts";
import { closeConnection } from "./ending.ts";
import type { Hub } from "./hub.ts";
import { hello } from "./messages.ts";
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
	const missed = hub.log.since(phase.since);
	// Where the log had to let go of some, all is cut here instead: no hole [LOG2].
	const { roster, retained } = missed ? phase : cutHere(hub);
	const text = hello({
		connectionId: connection.id,
		options: hub.options,
		rosterJson: roster,
	});
	const frames = [hub.host.encode(text), ...retained, ...(missed ?? [])];
	sendSnapshot(hub, connection, frames);
	goLive(hub, connection);
}

/** Who is here and what is retained at this position of the order [REG6]. */
export function cutHere(hub: Hub): {
	readonly since: number;
	readonly roster: string;
	readonly retained: readonly Uint8Array[];
} {
	return {
		since: hub.log.position,
		roster: hub.registry.rosterJson(),
		retained: hub.retained.snapshot(),
	};
}

/** Sends a connection what brings it up to date, for which it is not judged too slow [SLOW1]. */
export function sendSnapshot(
	hub: Hub,
	connection: Connection,
	frames: readonly Uint8Array[],
	counting: "counted" | "uncounted" = "counted",
): void {
	let bytes = 0;
	for (const frame of frames) {
		hub.log.append({
			frame,
			to: connection,
			uncounted: counting === "uncounted",
		});
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
	phase.release();
	hub.outbox.add(connection);
}
