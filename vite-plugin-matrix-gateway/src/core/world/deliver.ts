/** What the log hands back in its order goes to sockets and into sessions. */
import { type Connection, isOpen } from "../edge/connection.ts";
import { forWire, type Hub } from "../hub.ts";
import type { Entry } from "./broadcast-log.ts";
import { settleReceipts } from "./receipts.ts";
import { addException, type Exception } from "./session-account.ts";

/** Delivers one entry, `position` broadcasts having been ordered before it. */
export function deliver(hub: Hub, entry: Entry, position: number): void {
	const { frame, frames, to, except, uncounted, receipt } = entry;
	if (!to) {
		if (except) count(hub, except, { at: position, frame: undefined, receipt });
		hub.outbox.broadcast(frame, except);
		return;
	}
	if (!uncounted && to.session)
		for (const part of frames ?? [frame])
			count(hub, to, { at: position, frame: part, receipt });
	if (isOpen(to))
		hub.outbox.direct(
			to,
			entry.wire ?? forWire(hub, to, frame),
			frames?.length,
		);
}

/** A frame belongs to a session once it is ordered, written or not [RES2]. */
function count(hub: Hub, { session }: Connection, exception: Exception): void {
	if (!session) return;
	const before = session.bytes;
	settleReceipts(hub, addException(session, exception), "dropped");
	hub.sessions.grew(session.bytes - before);
}
