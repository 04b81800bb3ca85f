/** A history that is cut, since what keeps it has lost some [ORD17]. */
import { CLOSE } from "../protocol/protocol.ts";
import type { Epoch } from "./command.ts";
import { bind } from "./session-account.ts";
import type { WorldState } from "./state.ts";

/**
 * No session can tell whether its client has seen what is lost, on whatever node. So each is bound by
 * what it has now, and those whose clients are there have to resume, which says what they have got.
 */
export function applyEpoch(state: WorldState, { number }: Epoch): void {
	const { sessions, log, effects, timelines } = state;
	// That of the last node that began, by whichever cut since.
	const [node] = timelines.current.split(".");
	timelines.beginAlone(`${node}.${number}`, log.position);
	for (const session of sessions.all()) {
		bind(session);
		const { state, conn } = session.peer;
		if (state === "online") effects.close(conn, CLOSE.restart);
	}
}
