/** What this node has applied of a stream, and whether what comes next goes on from there [ORD11, ORD12]. */
import { crc32 } from "node:zlib";
import type { OrderNode } from "../../../core/order/order.ts";
import type { Entry } from "../../../core/world/command.ts";
import type { WorldSnapshot } from "../../../core/world/snapshot.ts";
import { COLUMNS, type Columns } from "../command-rows.ts";
import {
	compareEnding,
	type Reachable,
	type Standing,
} from "./compare-ending.ts";
import { type Ending, findEnding, LAST } from "./ending.ts";
import {
	type Applied,
	decodeEpoch,
	decodePayload,
	type EpochStart,
	OWN_FORMAT,
} from "./payload.ts";
import type { Read } from "./stream.ts";
import {
	BEGINNING,
	formatId,
	isNext,
	parseId,
	type StreamId,
} from "./stream-id.ts";

export interface History {
	/** Its place. */
	readonly at: StreamId;
	/** The same, with checksums of what came before. */
	readonly ending: Ending;
	/** Of what is written in the epoch that it is in. */
	readonly format: string;
	/** Applies what was read, if it goes on from here. One at a time. */
	take(read: Read, stream: Reachable): Promise<Taken>;
	/** What is in an entry that comes later in the epoch; undefined where that will change nothing. */
	peek(read: Read): Entry | undefined;
	/** Where it stands to what is in the stream now. */
	compare(stream: Reachable): Promise<Standing>;
	/** Whether what was applied is there yet, as far as can be told; for whoever may read on meanwhile. */
	isThere(stream: Reachable): Promise<boolean>;
	/** Begins with another world, at its place; without one with what it was at first. */
	restart(from?: HistoryStart): void;
}

/** Where a history may begin. */
export interface HistoryStart extends Pick<EpochStart, "format" | "columns"> {
	readonly applied: Ending;
	/** Undefined for an empty one. */
	readonly world: WorldSnapshot | undefined;
	/** How an epoch begins that says itself that it goes on from there. */
	readonly epoch?: { readonly read: Read; readonly start: EpochStart };
}

/**
 * - `applied`: it has its place.
 * - `gap`: what is between is not there.
 * - `split`: it goes on from another history than this.
 * - `lost`: by now it is not there any more, nor is what was applied.
 */
export type Taken = "applied" | "gap" | "split" | "lost";

/** What a history needs. */
export interface HistoryParts {
	readonly node: OrderNode;
	/** The entry of this node's own that is on its way, and its payload: it need not be read again. */
	inFlight(): { readonly entry: Entry; readonly payload: Buffer } | undefined;
	/** An entry was applied, or changed nothing. */
	heard(entry: Entry): void;
}

export function createHistory({
	node,
	inFlight,
	heard,
}: HistoryParts): History {
	const empty = node.snapshot();
	let at = BEGINNING;
	let hash = 0;
	let format = OWN_FORMAT;
	let columns: Columns = COLUMNS;
	let before: readonly number[] = [];
	let mark: string | undefined;

	function advance({ id, payload }: Read): Taken {
		const known = id.epoch === at.epoch ? before : [];
		before = [...known.slice(1 - LAST), hash];
		at = id;
		hash = crc32(payload, hash);
		return "applied";
	}

	async function takeEpoch(read: Read, stream: Reachable): Promise<Taken> {
		const start = decodeEpoch(read.payload);
		if (!start) return "gap";
		if (await isHere(start.base, stream)) return applyEpoch(read, start);
		return (await compare(stream)) === "shorter" ? "lost" : "split";
	}

	function applyEpoch(read: Read, start: EpochStart): Taken {
		({ format, columns, mark } = start);
		node.applyCommand({ type: "epoch", number: read.id.epoch });
		return advance(read);
	}

	function ending(): Ending {
		return { id: formatId(at), hash, before, mark };
	}

	/** Where an epoch says nothing of what came before, that has to be there to see. */
	async function isHere(
		base: Applied | null,
		stream: Reachable,
	): Promise<boolean> {
		if (base) return base.hash === hash && base.id === formatId(at);
		return (await findEnding(stream, ending())) === "same";
	}

	/** Whether an entry was written after another beginning of the epoch, in a stream that was lost since. */
	function isForeign(read: Read): boolean {
		return read.mark !== undefined && mark !== undefined && read.mark !== mark;
	}

	function compare(stream: Reachable): Promise<Standing> {
		return compareEnding(stream, ending());
	}

	/** What it is on all nodes; undefined where that is nothing. */
	function peek(read: Read): Entry | undefined {
		return isForeign(read) ? undefined : entryOf(read);
	}

	/** Undefined where somebody else has written what no gateway writes: on all nodes that is nothing. */
	function entryOf({ payload }: Read): Entry | undefined {
		const own = inFlight();
		if (own?.payload.equals(payload)) return own.entry;
		try {
			return decodePayload(payload, columns);
		} catch {
			return undefined;
		}
	}

	return {
		get at() {
			return at;
		},
		get ending() {
			return ending();
		},
		get format() {
			return format;
		},
		async take(read, stream) {
			if (!isNext(read.id, at)) return "gap";
			if (read.id.epoch !== at.epoch) return takeEpoch(read, stream);
			if (isForeign(read) && (await compare(stream)) === "other")
				return "split";
			const entry = peek(read);
			if (entry) {
				node.applyEntry(entry);
				heard(entry);
			}
			return advance(read);
		},
		peek,
		compare,
		async isThere(stream) {
			const before = at;
			const standing = await compare(stream);
			// What was read since was there.
			return standing === "same" || at !== before;
		},
		restart(from) {
			node.restore(from?.world ?? empty);
			at = from ? parseId(from.applied.id) : BEGINNING;
			hash = from?.applied.hash ?? 0;
			before = from?.applied.before ?? [];
			mark = from?.applied.mark;
			({ format, columns } = from ?? { format: OWN_FORMAT, columns: COLUMNS });
			if (from?.epoch) applyEpoch(from.epoch.read, from.epoch.start);
		},
	};
}
