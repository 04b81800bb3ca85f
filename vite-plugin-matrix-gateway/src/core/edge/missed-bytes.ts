/**
 * What was broadcast since a newcomer opened, in one piece. All who become viewers in one turn are
 * sent the log up to the same place, so that what one has missed is the end of what another has, and
 * they share it: under a storm of broadcasts each of hundreds had tens of thousands of frames to
 * itself, and they held the process for 200 ms.
 */
import type { Audience } from "../world/audience.ts";
import type { BroadcastLog } from "../world/broadcast-log.ts";
import { join } from "./batch.ts";
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
	log: Pick<BroadcastLog, "position" | "since">,
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

/** The end of a log from one place on, and where the others in it begin. */
interface Tail {
	readonly from: number;
	readonly end: number;
	readonly bytes: Uint8Array;
	readonly starts: readonly number[];
}

/** Makes it once a turn, for the first who asks has missed most. */
function createTail(
	log: Pick<BroadcastLog, "position" | "since">,
	defer: Host["defer"],
	toWire: (frames: readonly Uint8Array[]) => readonly Uint8Array[],
): (since: number) => Piece | undefined {
	let latest: Tail | undefined;

	function make(from: number): Tail | undefined {
		const kept = log.since(from);
		if (!kept) return undefined;
		const frames = toWire(kept);
		let length = 0;
		const starts = frames.map(({ byteLength }) => {
			length += byteLength;
			return length - byteLength;
		});
		if (!latest) defer(() => (latest = undefined));
		latest = { from, end: log.position, bytes: join(frames), starts };
		return latest;
	}

	return (since) => {
		const isThere = latest?.end === log.position && latest.from <= since;
		const tail = isThere ? latest : make(since);
		if (!tail) return undefined;
		const { bytes, starts, from, end } = tail;
		return {
			bytes: bytes.subarray(starts[since - from] ?? bytes.byteLength),
			count: end - since,
		};
	};
}
