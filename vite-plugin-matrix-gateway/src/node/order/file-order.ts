/** A folder as the order: what is appended outlives the process [ORD16, ORD17]. */
import type { CreateOrder, Order, OrderNode } from "../../core/order/order.ts";
import { worldOptionsOf } from "../../core/world/options.ts";
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import type { Codec, WorldOptions } from "../../core/world/state.ts";
import { DataError } from "./data-error.ts";
import type { DataEvent } from "./data-event.ts";
import { type Disk, NODE_DISK } from "./disk.ts";
import { createJournal, type Fsync } from "./journal.ts";
import { lockFolder } from "./lock.ts";
import { makeFolder } from "./make-folder.ts";
import { putAside } from "./put-aside.ts";
import { type Recovered, recover } from "./recover.ts";
import type { SnapshotPace } from "./snapshot-schedule.ts";
import { createWriteBehind } from "./write-behind.ts";
import { createWriteThrough } from "./write-through.ts";

/** What such an order needs. */
export interface FileOrderParts {
	readonly folder: string;
	readonly fsync: Fsync;
	/** Those of the gateway. */
	readonly options: WorldOptions;
	readonly codec: Codec;
	/** The world where the folder has none; else an empty one. */
	readonly initial?: WorldSnapshot | undefined;
	/** Told what happens; it never throws. */
	tell(event: DataEvent): void;
	readonly disk?: Disk;
	readonly pace?: SnapshotPace;
}

/**
 * Makes the order, which begins with the world that is in the folder.
 * It throws a DataError where the folder is another process', cannot be used, or is of a newer version.
 */
export function createFileOrder(parts: FileOrderParts): CreateOrder {
	return (node) => {
		const { folder } = parts;
		return asDataError(folder, () => {
			makeFolder(folder);
			const unlock = lockFolder(folder);
			try {
				return begin(parts, node, unlock);
			} catch (error) {
				unlock();
				throw error;
			}
		});
	};
}

/** Bytes that take about half a second to read back; and each ten minutes where enough was written. */
const PACE: SnapshotPace = {
	bytes: 64 * 1024 * 1024,
	age: 600_000,
	retry: 5_000,
};

function begin(
	parts: FileOrderParts,
	node: OrderNode,
	unlock: () => void,
): Order {
	const { folder, fsync, disk = NODE_DISK, pace = PACE } = parts;
	const recovered = restore(parts, node, disk);
	const write = fsync === "always" ? createWriteThrough : createWriteBehind;
	const writing = write(node, () => journal);
	const journal = createJournal({
		...{ ...parts, disk, pace, node, recovered, folder },
		settle: writing.settle,
	});
	const { append, keep } = writing;
	let closing: Promise<void> | undefined;

	async function end(): Promise<void> {
		await writing.end();
		await journal.close();
		unlock();
	}

	return {
		append,
		gathers: fsync === "always",
		outlives: true,
		replaces: recovered.world && "all",
		get health() {
			return journal.health;
		},
		...(keep && { keep }),
		...(fsync === "second" && {
			whenSafe(callback) {
				keep?.();
				journal.whenSynced(callback);
			},
		}),
		close() {
			closing ??= end();
			return closing;
		},
	};
}

/** Gives the node the world that is in the folder, or else the one that it is to begin with. */
function restore(
	{ folder, codec, options, initial, tell }: FileOrderParts,
	node: OrderNode,
	disk: Disk,
): Recovered {
	const start = performance.now();
	const recovered = recover(disk, folder, codec, {
		node,
		options: worldOptionsOf(options),
	});
	const { world, commands, findings } = recovered;
	putAside(folder, findings);
	for (const event of findings.events) tell(event);
	if (!world && initial) {
		inherit(node, initial, options);
		return begun(recovered, initial);
	}
	if (!world) return recovered;
	if (!recovered.isInherited) inherit(node, world, options);
	tell({
		event: "restored",
		folder,
		agents: world.roster.length,
		retained: world.retained.length,
		commands,
		milliseconds: Math.round(performance.now() - start),
	});
	return recovered;
}

/** As after a snapshot of that world, which is written first. */
function begun(recovered: Recovered, world: WorldSnapshot): Recovered {
	return { ...recovered, world, end: "snapshot" };
}

/** From here on its options are the node's: what they leave no room for goes. */
function inherit(
	node: OrderNode,
	world: WorldSnapshot,
	options: WorldOptions,
): void {
	node.restore({ ...world, options: worldOptionsOf(options) });
}

/** What the system says of a folder that cannot be used, in one line. */
function asDataError<Result>(folder: string, work: () => Result): Result {
	try {
		return work();
	} catch (error) {
		const { code, syscall } = error as NodeJS.ErrnoException;
		if (syscall === undefined) throw error;
		throw new DataError(`${folder} cannot be used (${code} in ${syscall})`);
	}
}
