/**
 * What all nodes agree on: a function of the commands that were applied, in their order [ORD2].
 * It knows no clock, no chance and no socket; what is to be written is told to `effects`.
 */
import { createBroadcastLog } from "./broadcast-log.ts";
import type { Command, Entry, NodeId, Ping, Tick } from "./command.ts";
import { tell } from "./deliver.ts";
import { applyDetach, detachNode, endAll, expire } from "./detach.ts";
import type { Effects } from "./effects.ts";
import { applyJoin } from "./join.ts";
import { applyLeave } from "./leave.ts";
import { createMembers } from "./members.ts";
import { applyPublish } from "./publish.ts";
import { applyRefuse, isHeard } from "./refuse.ts";
import { createRegistry } from "./registry.ts";
import { createRetained } from "./retained.ts";
import { applySend } from "./send.ts";
import { confirm } from "./session-account.ts";
import { createSessions } from "./sessions.ts";
import type { Codec, WorldOptions, WorldState } from "./state.ts";

/** What a world needs. */
export interface WorldParts {
	readonly options: WorldOptions;
	readonly codec: Codec;
	readonly effects: Effects;
}

export function createWorld({
	options,
	codec,
	effects,
}: WorldParts): WorldState {
	const log = createBroadcastLog(options.maxLogBytes);
	return {
		options,
		codec,
		effects,
		log,
		members: createMembers(),
		peers: new Map(),
		registry: createRegistry(),
		sessions: createSessions({ ...options, log }),
		retained: createRetained(options),
		counts: { broadcast: 0, directed: 0, undeliverable: 0 },
		due: [],
		isSettling: false,
		time: 0,
	};
}

/**
 * Applies an entry, if it is its node's next; all others change nothing [ORD5].
 * @param applied Called after each of its commands.
 */
export function applyEntry(
	state: WorldState,
	entry: Entry,
	applied: () => void,
): void {
	if (!state.members.admit(entry)) return;
	for (const command of entry.commands) {
		apply(state, command, entry.node);
		applied();
	}
}

/** Applies one command of a member. */
export function apply(state: WorldState, command: Command, node: NodeId): void {
	switch (command.type) {
		case "publish":
			applyPublish(state, command);
			break;
		case "send":
			applySend(state, command);
			break;
		case "refuse":
			applyRefuse(state, command);
			break;
		case "join":
			applyJoin(state, command, node);
			break;
		case "leave":
			applyLeave(state, command);
			break;
		case "detach":
			applyDetach(state, command);
			break;
		case "ping":
			applyPing(state, command);
			break;
		case "tick":
			applyTick(state, command, node);
			break;
		case "up":
			state.members.add(node);
			break;
		case "drain":
			applyDrain(state, command.frame, node);
			break;
		case "down":
			removeNode(state, node);
			break;
		case "gone":
			removeNode(state, command.node);
			break;
	}
}

function applyPing(state: WorldState, { conn, received }: Ping): void {
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	const session = peer?.session;
	if (session && received !== undefined) confirm(session, received, state.log);
	state.effects.pong(conn, session?.received);
}

function applyTick(state: WorldState, { ms }: Tick, node: NodeId): void {
	if (!state.members.isClock(node)) return;
	state.time += Math.min(ms, LONGEST_TICK);
	for (const session of state.sessions.due(state.time)) expire(state, session);
}

/** A process that slept expires nobody [ORD6, HB5]. */
const LONGEST_TICK = 1_000;

function applyDrain(state: WorldState, frame: Uint8Array, node: NodeId): void {
	for (const peer of state.peers.values())
		if (peer.node === node && peer.state === "online")
			tell(state, peer.conn, frame);
	state.members.drain(node);
	state.effects.drained(node);
}

function removeNode(state: WorldState, node: NodeId): void {
	detachNode(state, node);
	if (state.members.isLast(node)) endAll(state);
	state.members.remove(node);
	// Its ticks may have been those that count.
	if (state.sessions.firstDue !== undefined) state.effects.waiting();
}
