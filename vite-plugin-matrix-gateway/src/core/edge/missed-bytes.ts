/**
 * What was broadcast since a newcomer opened, in one piece. All who become viewers in one turn are
 * sent the log up to the same place, so that what one has missed is the end of what another has, and
 * they share it: under a storm of broadcasts each of hundreds had tens of thousands of frames to
 * itself, and they held the process for 200 ms.
 */
import type { Audience } from "../world/audience.ts";
import type { BroadcastLog } from "../world/broadcast-log.ts";
import { join, startsOf } from "./batch.ts";
import { forWire } from "./framing.ts";
import type { Host, Socket } from "./host.ts";

/** Whole frames in one piece, as a socket takes them. */
export interface Piece {
	readonly bytes: Uint8Array;
	readonly count: number;
}

/** Undefined where the log had to let go of some [LOG2]. */
export type MissedBytes = (
	audience: Audience,
	since: number,
	socket: Socket,
) => Piece | undefined;

export function createMissedBytes(
	host: Pick<Host, "compress" | "defer">,
	log: Pick<BroadcastLog, "position" | "first" | "since">,
): MissedBytes {
	const { compress, defer } = host;
	const plain = createTail(log, defer, (frames) => frames);
	const compressed =
		compress && createTail(log, defer, (frames) => frames.map(compress));

	return (audience, since, socket) => {
		if (!audience.filter)
			return ((socket.compresses && compressed) || plain)(since);
		const frames = audience.slice(since, audience.position);
		if (!frames) return undefined;
		const bytes = join(frames.map((frame) => forWire(host, socket, frame)));
		return { bytes, count: frames.length };
	};
}

/** Turns in which nobody asks for it before what was made is forgotten: to make it again costs much. */
const PATIENCE = 16;

/** The end of a log from one place on, and where its frames begin. */
interface Tail {
	readonly from: number;
	readonly end: number;
	readonly bytes: Uint8Array;
	readonly starts: readonly number[];
}

/** Makes it for the first who asks, who has missed most, and goes on with it while some ask in each turn. */
function createTail(
	log: Pick<BroadcastLog, "position" | "first" | "since">,
	defer: Host["defer"],
	toWire: (frames: readonly Uint8Array[]) => readonly Uint8Array[],
): (since: number) => Piece | undefined {
	let latest: Tail | undefined;
	let unusedTurns = 0;

	function findTail(since: number): Tail | undefined {
		const isKept = latest && isWorthKeeping(latest, since);
		const start = (isKept && latest) || emptyAt(since);
		if (start.end === log.position) return start;
		const frames = log.since(start.end);
		return frames && extend(start, toWire(frames));
	}

	/** A piece keeps all of the tail that it is of, which is not to be much more than that. */
	function isWorthKeeping({ from }: Tail, since: number): boolean {
		const isThere = log.first() <= from && from <= since;
		return isThere && (log.position - since) * 2 >= log.position - from;
	}

	function keep(tail: Tail): void {
		unusedTurns = 0;
		if (!latest) defer(forgetUnused);
		latest = tail;
	}

	function forgetUnused(): void {
		if (unusedTurns++ < PATIENCE) defer(forgetUnused);
		else latest = undefined;
	}

	return (since) => {
		if (since === log.position) return NO_BYTES;
		const tail = findTail(since);
		if (!tail) return undefined;
		keep(tail);
		const { bytes, starts, from, end } = tail;
		return {
			bytes: bytes.subarray(starts[since - from] ?? bytes.byteLength),
			count: end - since,
		};
	};
}

const NO_BYTES: Piece = { bytes: new Uint8Array(0), count: 0 };

function emptyAt(place: number): Tail {
	return { from: place, end: place, bytes: new Uint8Array(0), starts: [] };
}

function extend(tail: Tail, frames: readonly Uint8Array[]): Tail {
	const { from, end, bytes, starts } = tail;
	return {
		from,
		end: end + frames.length,
		bytes: join([bytes, ...frames]),
		starts: starts.concat(startsOf(frames, bytes.byteLength)),
	};
}
