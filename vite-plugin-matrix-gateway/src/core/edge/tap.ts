/**
 * Taps: who reads along with what happens in a world, as a console does. They take no part in it. While
 * none is open a message is asked one question, and the effects are those of everybody; while one is,
 * they are told on their way, and what is done stays the same.
 */
import type { Command, ConnectionId, Publish, Send } from "../world/command.ts";
import type { Effects } from "../world/effects.ts";
import { type Agent, namesOf } from "../world/peer.ts";
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
	/** The agents of its sender; none where the gateway speaks, or a viewer did. */
	readonly from: readonly string[];
	/** The connection of its sender, or the one that is answered; undefined where it is for all. */
	readonly conn: ConnectionId | undefined;
	/** Its type; absent of what the gateway itself says. */
	readonly messageType?: string | undefined;
	/** The agent that it is for, or the agents of the connection that is answered. */
	readonly to: readonly string[];
}

/** Told what happens. Neither of these may throw, nor call the gateway. */
export interface TapListener {
	hear(tapped: Tapped): void;
	happened(event: GatewayEvent): void;
}

export interface Taps {
	/** Opens one; returns what shuts it. */
	open(listener: TapListener): () => void;
	/** Told of a command before it is applied; undefined while no tap is open. */
	readonly before: ((command: Command) => void) | undefined;
	/** What the world is to tell its effects to. */
	readonly effects: Effects;
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
	function settle(kind: TappedKind | undefined = routing?.kind): void {
		if (!routing || !kind) return;
		const settled = { ...routing, kind };
		routing = undefined;
		tell(settled);
	}

	function namesAt(conn: ConnectionId): readonly string[] {
		return namesIn(world().peers.get(conn)?.agents);
	}

	function before(command: Command): void {
		settle();
		current = undefined;
		if (command.type !== "publish" && command.type !== "send") return;
		const peer = world().peers.get(command.conn);
		// Nothing is done of it.
		if (!isHeard(peer)) return;
		current = command.frame;
		routing = { ...routeOf(command), from: namesIn(peer?.agents) };
	}

	function around(inner: Effects): Effects {
		return {
			...inner,
			broadcast(frame, except, messageType, from) {
				settle();
				if (messageType === undefined)
					tell({ kind: "presence", frame, ...NOBODY });
				inner.broadcast(frame, except, messageType, from);
			},
			direct(conn, frame) {
				if (frame !== current) {
					// An answer to what was not routed comes by `refused`.
					settle();
					tell({ ...NOBODY, kind: "answer", frame, conn, to: namesAt(conn) });
				} else settle();
				inner.direct(conn, frame);
			},
			refused(conn, refused) {
				settle("refused");
				const { frame } = refused;
				if (frame)
					tell({ ...NOBODY, kind: "answer", frame, conn, to: namesAt(conn) });
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
		get before() {
			return tapped && before;
		},
		get effects() {
			return tapped ?? effects();
		},
		happened(event) {
			for (const listener of listeners) listener.happened(event);
		},
	};
}

function routeOf(command: Publish | Send): Omit<Tapped, "from"> {
	const { conn, frame, messageType } = command;
	const of = { conn, frame, messageType };
	return command.type === "send"
		? { ...of, kind: "directed", to: [command.target] }
		: { ...of, kind: "broadcast", to: [] };
}

function namesIn(agents: readonly Agent[] | undefined): readonly string[] {
	return agents ? namesOf(agents) : [];
}

const NOBODY: Pick<Tapped, "from" | "to" | "conn"> = {
	...{ from: [], to: [], conn: undefined },
};
