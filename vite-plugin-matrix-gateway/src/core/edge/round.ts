/**
 * One flush after the other on its way to all receivers, each of which is written its group's batch. Where that takes long, as with thousands
 * of them, it is written in parts, with a turn for everything else between two; or who has nothing
 * to do with it would wait for all of it.
 */
import type { Connection } from "./connection.ts";
import { createReceivers, type Receivers } from "./receivers.ts";

export interface Round extends Pick<Receivers, "has" | "remove"> {
	/** Lets a connection take part from the next batch on. */
	add(connection: Connection): void;
	/** Begins with the batches of all groups, when all have been written those before. */
	begin(): void;
	/** Whether one is yet to be written its batch. */
	isDue(connection: Connection): boolean;
	/** A connection is written what it gets of the batch by another way. */
	leaveOut(connection: Connection): void;
	/** Writes the next part. Returns whether it was the last one. */
	goOn(): boolean;
	/**
	 * Writes the batch to one that is yet to be written it, ahead of its part. Returns false where
	 * that is too slow to be written to.
	 */
	catchUp(connection: Connection): boolean;
}

/** What rounds need. */
export interface RoundOptions {
	/** Takes the bytes for one socket, `count` whole frames. False where it is too slow to. */
	write(connection: Connection, bytes: Uint8Array, count: number): boolean;
	/** Told after a part who was too slow in it. */
	tooSlow(connection: Connection): void;
	/** Milliseconds. */
	now(): number;
}

/** Milliseconds that a part takes. */
const PART = 2;

/** The clock is looked at after so many writes, which take about 0.1 ms. */
const CHECKED_EACH = 32;

export function createRound({ write, tooSlow, now }: RoundOptions): Round {
	const receivers = createReceivers();
	let number = 0;
	let isUnderWay = false;
	/** Those who were not reached by a part; who has gone meanwhile, or caught up, is among them. */
	let rest: readonly Connection[] | undefined;
	let next = 0;

	function isDue(connection: Connection): boolean {
		return (
			isUnderWay && connection.batch !== number && receivers.has(connection)
		);
	}

	function writeTo(connection: Connection): boolean {
		const { batch } = connection.group;
		if (!batch || connection.batch === number) return true;
		connection.batch = number;
		return write(connection, batch.bytesFor(connection.socket), batch.count);
	}

	/** Calls for each of those who are left, until one returns false. */
	function walk(call: (connection: Connection) => boolean): void {
		if (!rest) {
			rest = receivers.walk(call);
			next = 0;
			return;
		}
		while (next < rest.length) {
			const connection = rest[next++] as Connection;
			if (receivers.has(connection) && !call(connection)) return;
		}
	}

	return {
		has: receivers.has,
		remove: receivers.remove,
		add(connection) {
			connection.batch = number;
			receivers.add(connection);
		},
		begin() {
			number++;
			isUnderWay = true;
			rest = undefined;
		},
		isDue,
		leaveOut(connection) {
			connection.batch = number;
		},
		goOn() {
			if (!isUnderWay) return true;
			const slow: Connection[] = [];
			const end = now() + PART;
			let written = 0;
			walk((connection) => {
				if (!writeTo(connection)) slow.push(connection);
				return ++written % CHECKED_EACH !== 0 || now() < end;
			});
			const isDone = next === rest?.length;
			if (isDone) {
				isUnderWay = false;
				rest = undefined;
			}
			for (const connection of slow) tooSlow(connection);
			return isDone;
		},
		catchUp: (connection) => !isDue(connection) || writeTo(connection),
	};
}
