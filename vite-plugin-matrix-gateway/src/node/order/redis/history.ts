/** What this node has applied of a stream, and whether what comes next goes on from there [ORD11, ORD12]. */
import { crc32 } from "node:zlib";
import type { OrderNode } from "../../../core/order/order.ts";
import type { Entry } from "../../../core/world/command.ts";
import type { WorldSnapshot } from "../../../core/world/snapshot.ts";
import { COLUMNS, type Columns } from "../command-rows.ts";
import { type Ending, findEnding, LAST } from "./ending.ts";
import {
	type Applied,
	decodeEpoch,
	decodePayload,
	type EpochStart,
	OWN_FORMAT,
} from "./payload.ts";
import type { Read, Stream } from "./stream.ts";
import {
	BEGINNING,
	beginningOf,
	compareIds,
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
	/** Applies what was read, if it goes on from here. */
	take(read: Read): Taken;
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
	readonly epoch?: Read;
}

/**
 * - `applied`: it has its place.
 * - `gap`: what is between is not there.
 * - `split`: an epoch begins with another history than this.
 * - `cut`: an epoch begins that cuts the history, which may be this: to be compared first.
 */
export type Taken = "applied" | "gap" | "split" | "cut";

/**
 * - `same`: it is what was applied here, as far as can be told; reading on tells the rest.
 * - `shorter`: it ends before the place of this, and nobody has begun another epoch.
 * - `other`: others have written something else in the place of this.
 */
export type Standing = "same" | "shorter" | "other";

/** What it is compared with. */
type Reachable = Pick<Stream, "at" | "between" | "extent">;

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
	/** Whether the epoch that comes next cuts this history, and no other. */
	let isCompared = false;

	function advance({ id, payload }: Read): Taken {
		const known = id.epoch === at.epoch ? before : [];
		before = [...known.slice(1 - LAST), hash];
		at = id;
		hash = crc32(payload, hash);
		isCompared = false;
		return "applied";
	}

	function takeEpoch(read: Read): Taken {
		const start = decodeEpoch(read.payload);
		if (!start) return "gap";
		if (!start.base && !isCompared) return "cut";
		if (start.base && !isHere(start.base)) return "split";
		({ format, columns } = start);
		return applyEpoch(read);
	}

	function applyEpoch(read: Read): Taken {
		node.applyCommand({ type: "epoch", number: read.id.epoch });
		return advance(read);
	}

	function ending(): Ending {
		return { id: formatId(at), hash, before };
	}

	function isHere(base: Applied): boolean {
		return base.hash === hash && base.id === formatId(at);
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

	/** Whether an epoch was begun since that says itself whose history it goes on from. */
	async function isToldNext(stream: Pick<Stream, "at">): Promise<boolean> {
		const next = await stream.at(beginningOf(at.epoch + 1));
		return Boolean(next && decodeEpoch(next.payload)?.base);
	}

	async function find(stream: Reachable): Promise<Standing> {
		const presence = await findEnding(stream, ending());
		if (presence === "same" || (await isToldNext(stream))) return "same";
		if (presence === "other") return "other";
		const extent = await stream.extent();
		if (!extent || compareIds(extent.last, at) < 0) return "shorter";
		// Where it is trimmed, reading on tells whether more is.
		const isTrimmed = !extent.first || compareIds(extent.first, at) > 0;
		return isTrimmed ? "same" : "other";
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
		take(read) {
			if (!isNext(read.id, at)) return "gap";
			if (read.id.epoch !== at.epoch) return takeEpoch(read);
			const entry = entryOf(read);
			if (entry) {
				node.applyEntry(entry);
				heard(entry);
			}
			return advance(read);
		},
		async compare(stream) {
			const standing = await find(stream);
			isCompared = standing === "same";
			return standing;
		},
		async isThere(stream) {
			const before = at;
			const standing = await find(stream);
			// What was read since was there.
			return standing === "same" || at !== before;
		},
		restart(from) {
			node.restore(from?.world ?? empty);
			at = from ? parseId(from.applied.id) : BEGINNING;
			hash = from?.applied.hash ?? 0;
			before = from?.applied.before ?? [];
			({ format, columns } = from ?? { format: OWN_FORMAT, columns: COLUMNS });
			if (from?.epoch) applyEpoch(from.epoch);
		},
	};
}
