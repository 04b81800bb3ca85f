/** A client that asks for a `pong`, and says what it has got [HB3, RES5]. */
import type { Ping } from "./command.ts";
import { isHeard } from "./refuse.ts";
import { confirm } from "./session-account.ts";
import type { WorldState } from "./state.ts";

export function applyPing(state: WorldState, { conn, received }: Ping): void {
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	const session = peer?.session;
	if (session && received !== undefined) confirm(session, received);
	state.effects.pong(conn, session?.received);
}
