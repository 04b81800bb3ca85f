/**
 * One flush after the other on its way to all receivers, group by group: what all of one are
 * written need not leave the processor's cache from one write to the next. Where it takes long, as
 * with thousands of them, it is written in parts, with a turn for everything else between two; or
 * who has nothing to do with it would wait for all of it.
 */
import { type Connection, NO_PLACE } from "./connection.ts";
import type { Group } from "./group.ts";
import { createReceivers, type Receivers } from "./receivers.ts";

export interface Round extends Pick<Receivers, "remove"> {
	/** Whether a connection takes part. */
	has(connection: Connection): boolean;
	/** Has one that takes part take part in another group. */
	move(connection: Connection, group: Group): void;
	/** Lets a connection take part from the next batch on. */
	add(connection: Connection): void;
	/** Begins with the batches of all groups, when all have been written those before. */
	begin(): void;
	/** Whether one is yet to be written its batch. */
	isDue(connection: Connection): boolean;
	/** A connection is written what it gets of the batch by another way. */
	leaveOut(connection: Connection): void;
	/** One that is yet to be written its batch is written it from this frame on. */
	startAt(connection: Connection, frame: number): void;
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

/** The clock is looked at after so many writes, which take about 0.1 ms, of as many bytes as cost no more. */
const CHECKED_EACH = 32;
const CHEAP_BYTES = 2 * 1024;

export function createRound({ write, tooSlow, now }: RoundOptions): Round {
	const circles = new Map<Group, Receivers>();
	let number = 0;
	let turned = 0;
	/** Writes since the clock was looked at, large ones counted as several. */
	let unchecked = 0;
	/** Whether there is time for one more. */
	let goesOn = true;
	let isUnderWay = false;
	/** Those who were not reached by a part; who has gone meanwhile, or caught up, is among them. */
	let rest: readonly Connection[] | undefined;
	let next = 0;

	function isDue(connection: Connection): boolean {
		return isUnderWay && connection.batch !== number && has(connection);
	}

	function has({ place }: Connection): boolean {
		return place !== NO_PLACE;
	}

	function add(connection: Connection): void {
		const { group } = connection;
		const circle = circles.get(group) ?? createReceivers();
		circles.set(group, circle);
		leaveOut(connection);
		circle.add(connection);
	}

	function leaveOut(connection: Connection): void {
		connection.batch = number;
		connection.batchFrom = 0;
	}

	function remove(connection: Connection): void {
		const { group } = connection;
		const circle = circles.get(group);
		circle?.remove(connection);
		if (circle?.count() === 0) circles.delete(group);
	}

	function writeTo(connection: Connection): boolean {
		const { batch } = connection.group;
		if (!batch || connection.batch === number) return true;
		const { batchFrom: from } = connection;
		leaveOut(connection);
		if (from >= batch.count) return true;
		const bytes = batch.bytesFor(connection.socket, from);
		unchecked += 1 + bytes.length / CHEAP_BYTES;
		return write(connection, bytes, batch.count - from);
	}

	function hasTime(end: number): boolean {
		if (unchecked < CHECKED_EACH) return true;
		unchecked = 0;
		return now() < end;
	}

	/** Calls for each of those who are left, until one returns false. */
	function walk(call: (connection: Connection) => boolean): void {
		if (!rest) {
			rest = begin(call);
			next = 0;
			return;
		}
		while (next < rest.length) {
			const connection = rest[next++] as Connection;
			if (has(connection) && !call(connection)) return;
		}
	}

	/** The same at the beginning, with another group first each time. Returns those who are left. */
	function begin(
		call: (connection: Connection) => boolean,
	): readonly Connection[] {
		const due = [...circles].filter(([{ batch }]) => batch);
		const first = ++turned % due.length;
		const order = [...due.slice(first), ...due.slice(0, first)];
		for (const [index, [, circle]] of order.entries()) {
			const left = circle.walk(call);
			if (goesOn) continue;
			const others = order.slice(index + 1).flatMap(([, other]) => other.all());
			return others.length === 0 ? left : [...left, ...others];
		}
		return NOBODY;
	}

	return {
		has,
		remove,
		add,
		move(connection, group) {
			const takesPart = has(connection);
			remove(connection);
			connection.group = group;
			if (takesPart) add(connection);
		},
		begin() {
			number++;
			isUnderWay = true;
			rest = undefined;
		},
		isDue,
		leaveOut,
		startAt(connection, frame) {
			connection.batchFrom = frame;
		},
		goOn() {
			if (!isUnderWay) return true;
			const slow: Connection[] = [];
			const end = now() + PART;
			walk((connection) => {
				if (!writeTo(connection)) slow.push(connection);
				goesOn = hasTime(end);
				return goesOn;
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

const NOBODY: readonly Connection[] = [];
