/**
 * What all nodes agree on: a function of the commands that were applied, in their order [ORD2].
 * It knows no clock, no chance and no socket; what is to be written is told to `effects`.
 */
import { createAudiences } from "./audiences.ts";
import { createBroadcastLog } from "./broadcast-log.ts";
import type { Command, Entry, NodeId } from "./command.ts";
import { applyDetach } from "./detach.ts";
import { trust } from "./doubt.ts";
import type { Effects } from "./effects.ts";
import { applyEpoch } from "./epoch.ts";
import { applyJoin } from "./join.ts";
import { applyLeave } from "./leave.ts";
import { createMembers } from "./members.ts";
import { applyDown, applyDrain, applyGone, applyUp } from "./membership.ts";
import { type WorldOptions, worldOptionsOf } from "./options.ts";
import { applyPing } from "./ping.ts";
import { applyPublish } from "./publish.ts";
import { applyRefuse } from "./refuse.ts";
import { createRegistry } from "./registry.ts";
import { applyDisconnect, applyRegrant, applyRevoke } from "./regrant.ts";
import { applyRenew } from "./renew.ts";
import { createRetained } from "./retained.ts";
import { createRevoked } from "./revoked.ts";
import { applySend } from "./send.ts";
import { createSessions } from "./sessions.ts";
import type { Codec, WorldState } from "./state.ts";
import { applySubscribe } from "./subscribe.ts";
import { applyTick } from "./tick.ts";
import { createTimelines } from "./timelines.ts";

/** What a world needs. */
export interface WorldParts {
	readonly options: WorldOptions;
	readonly codec: Codec;
	readonly effects: Effects;
}

export function createWorld({
	codec,
	effects,
	...parts
}: WorldParts): WorldState {
	// A copy, since the first node of a world brings its own.
	const options = worldOptionsOf(parts.options);
	const log = createBroadcastLog(options);
	return {
		options,
		codec,
		effects,
		log,
		audiences: createAudiences(log),
		timelines: createTimelines(),
		members: createMembers(),
		peers: new Map(),
		registry: createRegistry(),
		sessions: createSessions(log, options),
		retained: createRetained(options),
		revoked: createRevoked(),
		counts: { broadcast: 0, directed: 0, undeliverable: 0 },
		due: [],
		isSettling: false,
		time: 0,
	};
}

/**
 * Applies an entry, if it is its node's next; all others change nothing [ORD5].
 * @param applied Called after each of its commands.
 * @param before Called with each of them before.
 */
export function applyEntry(
	state: WorldState,
	entry: Entry,
	applied: () => void,
	before?: (command: Command) => void,
): void {
	if (!state.members.admit(entry)) return;
	trust(state, entry.node);
	for (const command of entry.commands) {
		before?.(command);
		apply(state, command, entry.node);
		applied();
		// Its options may be others, or this was its end: nothing that follows is of a member.
		if (state.members.sequenceOf(entry.node) === undefined) return;
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
		case "subscribe":
			applySubscribe(state, command);
			break;
		case "ping":
			applyPing(state, command);
			break;
		case "renew":
			applyRenew(state, command);
			break;
		case "regrant":
			applyRegrant(state, command);
			break;
		case "revoke":
			applyRevoke(state, command);
			break;
		case "disconnect":
			applyDisconnect(state, command);
			break;
		case "tick":
			applyTick(state, command, node);
			break;
		case "up":
			applyUp(state, command, node);
			break;
		case "drain":
			applyDrain(state, command, node);
			break;
		case "down":
			applyDown(state, node);
			break;
		case "gone":
			applyGone(state, command);
			break;
		case "epoch":
			applyEpoch(state, command);
			break;
	}
}
