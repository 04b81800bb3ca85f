/** How a node begins: it reads all that there is, before it says that it is up. */
import { setTimeout as pause } from "node:timers/promises";
import { LEASE, type Liveness } from "../../../core/order/liveness.ts";
import type { OrderNode } from "../../../core/order/order.ts";
import { differingOption } from "../../../core/world/options.ts";
import type { Appender } from "./appender.ts";
import { beginEpoch } from "./begin-epoch.ts";
import { findStart } from "./find-start.ts";
import type { History } from "./history.ts";
import { encodeEpoch, OWN_FORMAT } from "./payload.ts";
import type { RedisEvent } from "./redis-event.ts";
import type { Store } from "./store.ts";
import { type Extent, MOST_READ, type Stream } from "./stream.ts";
import { beginningOf, formatId } from "./stream-id.ts";

export interface Newcomer {
	/** Resolves once it has read all; or has ended, since it does not fit to those who are there. */
	begin(store: Store): Promise<void>;
}

export interface NewcomerParts {
	readonly node: OrderNode;
	readonly history: History;
	readonly appender: Appender;
	readonly liveness: Liveness;
	readonly lease?: number;
	tell(event: RedisEvent): void;
}

/** Milliseconds until it looks again for a beginning that those who are there may be writing. */
const AGAIN = 250;

export function createNewcomer(parts: NewcomerParts): Newcomer {
	const { node, history, liveness, appender, lease = LEASE, tell } = parts;

	async function begin(store: Store): Promise<void> {
		await readAll(store);
		if (await isRefused(store.stream)) return;
		if (history.format === OWN_FORMAT) return;
		// It reads that as everybody does.
		const epoch = history.at.epoch + 1;
		await beginEpoch(store, epoch, history.ending, node.snapshot());
	}

	/**
	 * Tries again where there is no beginning, or what follows it is not there: those who are there may
	 * be writing one, or trim what it reads. Where nobody is, it makes one.
	 */
	async function readAll(store: Store): Promise<void> {
		const { stream, snapshots } = store;
		const isSilent = createSilence(lease);
		for (;;) {
			const extent = await stream.extent();
			const start = extent && (await findStart(stream, snapshots, extent));
			history.restart(start);
			liveness.found(start?.world?.members.sequences ?? []);
			if (start && (await follow(stream))) return;
			if (!extent) await beginWorld(stream);
			else if (isSilent(extent)) await giveUp(store, extent);
			else await pause(AGAIN);
		}
	}

	async function follow(stream: Stream): Promise<boolean> {
		for (;;) {
			const reads = await stream.after(history.at, MOST_READ);
			for (const read of reads)
				if ((await history.take(read, stream)) !== "applied") return false;
			if (reads.length < MOST_READ) return true;
		}
	}

	/** Somebody else may be faster. */
	async function beginWorld(stream: Stream): Promise<void> {
		const { id, hash } = history.ending;
		const start = encodeEpoch({ base: { id, hash }, snapshot: null });
		await stream.open(beginningOf(1), start);
	}

	/** What came after this is not there, and nobody else has it either. */
	async function giveUp(store: Store, { last }: Extent): Promise<void> {
		const epoch = last.epoch + 1;
		if (await beginEpoch(store, epoch, history.ending, node.snapshot()))
			tell({ event: "historyLost", epoch, reason: INCOMPLETE });
	}

	/**
	 * Whether those who are there need another version, or other options. Who ended without a word is
	 * there no more, though nobody has said so: it is replaced.
	 */
	async function isRefused(stream: Stream): Promise<boolean> {
		const isForeign = history.format !== OWN_FORMAT;
		const members = node.members();
		if (members.length === 0 || (!isForeign && !differs())) return false;
		const areThere = await isAnybodyThere(stream);
		if (areThere && history.format !== OWN_FORMAT) {
			node.ended({ code: "options", message: OTHER_VERSION });
			return true;
		}
		// Also where somebody else has gone on in their place meanwhile, and may not have said so yet.
		if (!areThere || isForeign)
			appender.changeUp((up) => ({ ...up, replaces: members }));
		return false;
	}

	function differs(): boolean {
		const { options } = node.snapshot();
		const own = appender.up?.options;
		return Boolean(options && own && differingOption(options, own));
	}

	/** Those who are say so twice a second. */
	async function isAnybodyThere(stream: Stream): Promise<boolean> {
		const deadline = performance.now() + lease;
		while (performance.now() < deadline) {
			const reads = await stream.after(history.at, MOST_READ, AGAIN);
			for (const read of reads) await history.take(read, stream);
			if (reads.length > 0) return true;
		}
		return false;
	}

	return { begin };
}

/** Tells whether nothing was written for so many milliseconds: who is there writes twice a second. */
function createSilence(lease: number): (extent: Extent) => boolean {
	let last = "";
	let since = 0;
	return (extent) => {
		const place = formatId(extent.last);
		if (place !== last) since = performance.now();
		last = place;
		return performance.now() - since > lease;
	};
}

const INCOMPLETE = "Redis does not have all of the world's history any more";

const OTHER_VERSION =
	"all nodes of a world need the same version of the gateway: the others have to end before this one starts";
