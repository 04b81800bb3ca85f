/** Room in the process's table of descriptors, made before connections need it. */
import { closeSync, open, openSync, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";

/**
 * Has Linux make its table of this process's descriptors long enough for the connections to come.
 *
 * The kernel doubles the table when it is full. Where threads share it, as in every process of
 * Node, it then waits until no processor reads the old one (`expand_fdtable` in fs/file.c, which
 * calls `synchronize_rcu`). That takes 5 to 20 ms, and happens in `accept`, so nobody is served
 * meanwhile: five times while 5,000 connect. Here a thread of libuv's pool waits instead. The table
 * never gets shorter.
 */
export async function makeRoomForDescriptors(): Promise<void> {
	const held: number[] = [];
	// Without it connections are let in all the same.
	await openMany(held, Math.min(ROOM, mostOpenFiles() / 2)).catch(() => {});
	await closeAll(held).catch(() => {});
}

/** A descriptor of this number asks for twice as long a table: 64 kB of the kernel's memory. */
const ROOM = 4_096;

/** What is opened, or closed, in a turn of the event loop: a quarter of a millisecond. */
const A_TURN = 64;

const NOTHING = "/dev/null";

const openInPool = promisify(open);

/** Until one has this number. */
async function openMany(held: number[], number: number): Promise<void> {
	for (let last = 0; last < number; ) {
		if (held.length % A_TURN === 0) await turn();
		const fd = isLength(last + 1)
			? await openInPool(NOTHING, "r")
			: openSync(NOTHING, "r");
		held.push(fd);
		// What others have closed meanwhile comes first.
		last = Math.max(last, fd);
	}
}

async function closeAll(held: readonly number[]): Promise<void> {
	for (const [index, fd] of held.entries()) {
		if (index % A_TURN === 0) await turn();
		closeSync(fd);
	}
}

/** Whether it is a power of two, as the lengths of the table are: the next descriptor may not fit. */
function isLength(count: number): boolean {
	return Number.isInteger(Math.log2(count));
}

/** 0 where this is not Linux: no other system waits. */
function mostOpenFiles(): number {
	try {
		const limits = readFileSync("/proc/self/limits", "utf8");
		const [, most] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
		return most === "unlimited" ? Number.POSITIVE_INFINITY : Number(most);
	} catch {
		return 0;
	}
}
