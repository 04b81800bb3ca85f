/** How a node begins: it reads all that there is, before it says that it is up. */
import { setTimeout as pause } from "node:timers/promises";
import { LEASE, type Liveness } from "../../../core/order/liveness.ts";
import type { OrderNode } from "../../../core/order/order.ts";
import { differingOption } from "../../../core/world/options.ts";
import type { Appender } from "./appender.ts";
import { findStart, type Start } from "./find-start.ts";
import type { History, Taken } from "./history.ts";
import { encodeEpoch, OWN_FORMAT } from "./payload.ts";
import type { RedisEvent } from "./redis-event.ts";
import type { Store } from "./store.ts";
import { MOST_READ, type Read, type Stream } from "./stream.ts";
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
		if (history.format !== OWN_FORMAT) await open(store);
	}

	/** Tries again where there is no beginning, or what follows it is not there; in the end it makes one. */
	async function readAll(store: Store): Promise<void> {
		const { stream } = store;
		const deadline = performance.now() + lease;
		for (;;) {
			const extent = await stream.extent();
			const start =
				extent && (await findStart(stream, store.snapshots, extent));
			history.restart(start);
			if (start && (await follow(start, stream))) return;
			const isLate = performance.now() > deadline;
			if (!extent || isLate) await openWithoutPast(stream, extent?.last.epoch);
			else await pause(AGAIN);
		}
	}

	async function follow(start: Start, stream: Stream): Promise<boolean> {
		liveness.found(start.world?.members.sequences ?? []);
		if (start.first && history.take(start.first) !== "applied") return false;
		for (;;) {
			const reads = await stream.after(history.at, MOST_READ);
			if (reads.length === 0) return true;
			for (const read of reads)
				if ((await take(read, stream)) !== "applied") return false;
		}
	}

	async function take(read: Read, stream: Stream): Promise<Taken> {
		const taken = history.take(read);
		if (taken !== "cut") return taken;
		const standing = await history.compare(stream);
		return standing === "same" ? history.take(read) : "split";
	}

	/** A world that begins with nothing; or another node's that was faster. */
	async function openWithoutPast(stream: Stream, epoch = 0): Promise<void> {
		const base = { id: formatId(beginningOf(epoch)), hash: 0 };
		const start = encodeEpoch({ base, snapshot: null });
		const next = beginningOf(epoch + 1);
		if ((await stream.open(next, start)) && epoch > 0)
			tell({ event: "historyLost", epoch: next.epoch, reason: NO_BEGINNING });
	}

	/** What another version wrote goes on in an epoch of this one's. */
	async function open({ stream, snapshots }: Store): Promise<void> {
		const { applied, at } = history;
		const info = await snapshots.write(applied, node.snapshot());
		const start = encodeEpoch({ base: applied, snapshot: info.key });
		const next = beginningOf(at.epoch + 1);
		if (await stream.open(next, start)) await snapshots.keep(info);
		else await snapshots.remove(info);
	}

	/**
	 * Whether those who are there need another version, or other options. Who ended without a word is
	 * there no more, though nobody has said so: it is replaced.
	 */
	async function isRefused(stream: Stream): Promise<boolean> {
		const isForeign = history.format !== OWN_FORMAT;
		const members = node.members();
		if (members.length === 0 || (!isForeign && !differs())) return false;
		if (!(await isAnybodyThere(stream))) {
			appender.changeUp((up) => ({ ...up, replaces: members }));
			return false;
		}
		if (!isForeign) return false;
		node.ended({ code: "options", message: OTHER_VERSION });
		return true;
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
			for (const read of reads) await take(read, stream);
			if (reads.length > 0) return true;
		}
		return false;
	}

	return { begin };
}

const NO_BEGINNING = "Redis does not have how the world began any more";

const OTHER_VERSION =
	"all nodes of a world need the same version of the gateway: the others have to end before this one starts";
