/**
 * Connections that are told the place of each broadcast, so that their peers may go on from there
 * later [HTTP9, HTTP10]. They are kept beside the outbox, for whose connections nothing is done but
 * to ask whether there are any. While there are some, and for a while after, the log is kept.
 */
import type { ResolvedOptions } from "../protocol/options.ts";
import type { WorldState } from "../world/state.ts";
import type { Backlog } from "./backlog.ts";
import type { Connection } from "./connection.ts";
import type { Heard, Host } from "./host.ts";
import { createLogKeeper } from "./log-keeper.ts";
import type { Outbox } from "./outbox.ts";

/** An outbox that knows listeners. */
export interface Listeners extends Outbox {
	/**
	 * What a listener has missed since the place that it names, as it is told; undefined where it
	 * begins like any viewer, as one that is no listener does.
	 */
	replay(connection: Connection): readonly Uint8Array[] | undefined;
}

/** What listeners need. */
export interface ListenerParts {
	readonly host: Host;
	readonly options: Pick<ResolvedOptions, "resumeWindow">;
	readonly backlog: Backlog;
	/** Made later than this. */
	readonly world: () => WorldState;
	/** Keeps what was appended, before anybody is told of it [ORD16]. */
	keep(): void;
	tooSlow(connection: Connection): void;
	directedWaits(bytes: number): void;
}

/** What one listener is to hear at the end of the way round. */
interface Waiting {
	queue: Heard[];
	count: number;
	isUrgent: boolean;
	/** Whether it hears what is broadcast. */
	isLive: boolean;
	/** Of what it has missed: the place of the next one. */
	replayed: number | undefined;
	hasHeard: boolean;
}

export function withListeners(outbox: Outbox, parts: ListenerParts): Listeners {
	const { host, options, backlog, keep, tooSlow, directedWaits } = parts;
	const all = new Map<Connection, Waiting>();
	const log = () => parts.world().log;
	const keeper = createLogKeeper(host, log, options.resumeWindow);
	/** How many broadcasts came since all were told. */
	let news = 0;

	function find(connection: Connection): Waiting | undefined {
		return all.size === 0 ? undefined : all.get(connection);
	}

	function idAt(place: number): string {
		return `${parts.world().timelines.current}:${place}`;
	}

	function idHere(): string {
		return idAt(parts.world().log.position);
	}

	/** Where it is too slow, nothing of it. */
	function tell(connection: Connection, waiting: Waiting): boolean {
		const { queue, count, hasHeard } = waiting;
		if (queue.length === 0) return true;
		Object.assign(waiting, { queue: [], count: 0, isUrgent: false });
		if (backlog.isFull(connection)) return false;
		keep();
		const { listening } = connection.socket;
		const bytes = listening?.hear(queue, connection.grant.subscribe) ?? 0;
		backlog.wrote(connection, bytes, count);
		// What it makes of a snapshot is more than its frames.
		if (!hasHeard) connection.snapshotEnd = connection.written;
		waiting.hasHeard = true;
		return true;
	}

	function tellAll(isDue: (waiting: Waiting) => boolean): void {
		const slow: Connection[] = [];
		for (const [connection, waiting] of all)
			if (isDue(waiting) && !tell(connection, waiting)) slow.push(connection);
		for (const connection of slow) tooSlow(connection);
	}

	/** The place that an id tells, and what came after it; or why there is none. */
	function findMissed(
		id: string,
	): { place: number; missed: readonly Uint8Array[] } | "unknown" | "gone" {
		const { timelines, log } = parts.world();
		const [, name = "", digits = ""] = ID.exec(id) ?? [];
		const place = +digits;
		if (!timelines.has(name, place) || place > log.position) return "unknown";
		const missed = log.since(place);
		return missed ? { place, missed } : "gone";
	}

	return {
		replay(connection) {
			const { listening } = connection.socket;
			if (!listening) return undefined;
			const waiting: Waiting = { ...NOTHING, queue: [] };
			all.set(connection, waiting);
			const { lastId } = listening;
			if (lastId === undefined) return undefined;
			const found = findMissed(lastId);
			if (typeof found === "string") {
				listening.begin({ isResumed: false, reason: found });
				return undefined;
			}
			const { place, missed } = found;
			const { length } = missed;
			waiting.replayed = place;
			listening.begin({ isResumed: true, missed: length, id: idAt(place) });
			return missed;
		},
		add(connection) {
			const waiting = find(connection);
			if (!waiting) {
				outbox.add(connection);
				return;
			}
			// The broadcasts from here on may be asked for again.
			keeper.keep();
			const last = waiting.queue.at(-1);
			// From here on it can go on; not from within what it begins with.
			if (last) waiting.queue.splice(-1, 1, { ...last, id: idHere() });
			waiting.replayed = undefined;
			waiting.isLive = true;
		},
		remove(connection) {
			if (all.delete(connection)) {
				if (all.size === 0) keeper.keepForAWhile();
			} else outbox.remove(connection);
		},
		broadcast(frame, except, groups) {
			outbox.broadcast(frame, except, groups);
			if (all.size === 0) return;
			news++;
			const heard = { frames: frame, id: idHere() };
			for (const waiting of all.values()) {
				if (!waiting.isLive) continue;
				waiting.queue.push(heard);
				waiting.count++;
			}
		},
		move(connection, group) {
			// A listener leaves out by itself what its grant does not let it be sent.
			if (find(connection)) connection.group = group;
			else outbox.move(connection, group);
		},
		direct(connection, frame, count = 1) {
			const waiting = find(connection);
			if (!waiting) {
				outbox.direct(connection, frame, count);
				return;
			}
			let id: string | undefined;
			if (waiting.replayed !== undefined) id = idAt(++waiting.replayed);
			waiting.queue.push({ frames: frame, id });
			waiting.count += count;
			waiting.isUrgent = true;
			directedWaits(frame.byteLength);
		},
		drain(connection) {
			const waiting = find(connection);
			if (waiting) tell(connection, waiting);
			else outbox.drain(connection);
		},
		drainDirected() {
			outbox.drainDirected();
			if (all.size > 0) tellAll(({ isUrgent }) => isUrgent);
		},
		waiting() {
			const waiting = outbox.waiting();
			return waiting === "nothing" && news > 0 ? "some" : waiting;
		},
		flush() {
			const flushed = outbox.flush();
			const count = news;
			// Once a way round, as each of all others.
			if (count === 0 || flushed?.isLast === false) return flushed;
			news = 0;
			tellAll(() => true);
			return flushed ?? { count, part: 1, isLast: true };
		},
	};
}

const NOTHING: Omit<Waiting, "queue"> = {
	...{ count: 0, isUrgent: false, isLive: false },
	...{ replayed: undefined, hasHeard: false },
};

/** A timeline, and a place in it. */
const ID = /^([\w.-]{1,100}):(\d{1,15})$/;
