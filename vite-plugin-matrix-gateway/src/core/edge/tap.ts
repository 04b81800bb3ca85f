/**
 * Taps: who reads along with what happens in a world, as a console does. They take no part in it. While
 * none is open a message is asked one question, and the effects are those of everybody; while one is,
 * they are told on their way, and what is done stays the same.
 */
import type { Command, ConnectionId } from "../world/command.ts";
import type { Effects } from "../world/effects.ts";
import { type Agent, NO_AGENTS } from "../world/peer.ts";
import { isHeard } from "../world/refuse.ts";
import type { WorldState } from "../world/state.ts";
import type { GatewayEvent } from "./events.ts";

/**
 * - `broadcast`: a message that was routed to all.
 * - `directed`: one that was routed to one agent, be it here or away.
 * - `refused`: one that was not routed; why is in the answer that comes next, where there is one.
 * - `presence`: the gateway told all who came, or left.
 * - `answer`: the gateway told one connection something: an error, a receipt.
 */
export type TappedKind =
	| "broadcast"
	| "directed"
	| "refused"
	| "presence"
	| "answer";

/** One frame, at its place. */
export interface Tapped {
	readonly kind: TappedKind;
	/** As it was made: nobody may change it, and who keeps it keeps what it is a view of. */
	readonly frame: Uint8Array;
	/** The connection of its sender, or the one that is answered; undefined where it is for all. */
	readonly conn: ConnectionId | undefined;
	/** The agents of that connection: none of a viewer. The same list until they are others. */
	readonly agents: readonly Agent[];
	/** The agent that it is for, where it is for one. */
	readonly target: string | undefined;
	/** Its type; absent of what the gateway itself says. */
	readonly messageType: string | undefined;
}

/** Told what happens. Neither of these may throw, nor call the gateway. */
export interface TapListener {
	hear(tapped: Tapped): void;
	happened(event: GatewayEvent): void;
}

export interface Taps {
	/** Opens one; returns what shuts it. */
	open(listener: TapListener): () => void;
	/** Told of a command before it is applied. */
	before(command: Command): void;
	/** What the world is to tell its effects to. */
	effects(): Effects;
	/** Told of an event for the log. */
	happened(event: GatewayEvent): void;
}

/** @param effects What is done. */
export function createTaps(
	world: () => WorldState,
	effects: () => Effects,
): Taps {
	const listeners = new Set<TapListener>();
	let tapped: Effects | undefined;
	/** A message that is being routed, and is not told of yet. */
	let routing: Tapped | undefined;
	/** The frame of the command that is applied: what it does with that is told already. */
	let current: Uint8Array | undefined;

	function tell(one: Tapped): void {
		for (const listener of listeners) listener.hear(one);
	}

	/** Once it had an effect, it is known what became of it. */
	function settle(): void {
		const one = routing;
		routing = undefined;
		if (one) tell(one);
	}

	function settleRefused(): void {
		if (routing) routing = { ...routing, kind: "refused" };
		settle();
	}

	function answered(conn: ConnectionId, frame: Uint8Array): void {
		const agents = world().peers.get(conn)?.agents ?? NO_AGENTS;
		tell({ kind: "answer", frame, conn, agents, ...OF_GATEWAY });
	}

	function before(command: Command): void {
		settle();
		current = undefined;
		if (command.type !== "publish" && command.type !== "send") return;
		const { frame, conn, messageType } = command;
		const peer = world().peers.get(conn);
		// Nothing is done of it.
		if (!isHeard(peer)) return;
		current = frame;
		const isSend = command.type === "send";
		// One literal: this is the hot path while a tap is open, and spreading costs as much as all else of it.
		routing = {
			kind: isSend ? "directed" : "broadcast",
			frame,
			conn,
			agents: peer?.agents ?? NO_AGENTS,
			target: isSend ? command.target : undefined,
			messageType,
		};
	}

	function around(inner: Effects): Effects {
		return {
			...inner,
			broadcast(frame, except, messageType, from) {
				settle();
				if (messageType === undefined)
					tell({ kind: "presence", frame, ...TO_ALL, ...OF_GATEWAY });
				inner.broadcast(frame, except, messageType, from);
			},
			direct(conn, frame) {
				settle();
				if (frame !== current) answered(conn, frame);
				inner.direct(conn, frame);
			},
			refused(conn, refused) {
				settleRefused();
				if (refused.frame) answered(conn, refused.frame);
				inner.refused(conn, refused);
			},
		};
	}

	/** Not where the world tells nobody, as before this node takes part. */
	function use(next: Effects, previous: Effects): void {
		if (world().effects === previous) world().effects = next;
	}

	return {
		open(listener) {
			if (!tapped) {
				tapped = around(effects());
				use(tapped, effects());
			}
			listeners.add(listener);
			return () => {
				if (!listeners.delete(listener) || listeners.size > 0 || !tapped)
					return;
				use(effects(), tapped);
				tapped = routing = current = undefined;
			};
		},
		before(command) {
			if (tapped) before(command);
		},
		effects: () => tapped ?? effects(),
		happened(event) {
			for (const listener of listeners) listener.happened(event);
		},
	};
}

const TO_ALL = { conn: undefined, agents: NO_AGENTS };
const OF_GATEWAY = { target: undefined, messageType: undefined };
