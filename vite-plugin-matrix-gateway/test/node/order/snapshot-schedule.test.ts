import { expect, test } from "vitest";
import { createSnapshotSchedule } from "../../../src/node/order/snapshot-schedule.ts";

const MIB = 1024 * 1024;
const PACE = { bytes: 64 * MIB, age: 1e9, retry: 0 };
const ROOM = Number.POSITIVE_INFINITY;

function create(base = 0, tail = 0) {
	return createSnapshotSchedule(PACE, {
		base: { generation: 1, bytes: base },
		tail,
	});
}

test("a snapshot is due when the logs since the last one are long, or twice its size", () => {
	expect(create().isDue(64 * MIB, ROOM)).toBe(false);
	expect(create().isDue(64 * MIB + 1, ROOM)).toBe(true);
	expect(create(0, 60 * MIB).isDue(5 * MIB, ROOM)).toBe(true);
	expect(create(50 * MIB).isDue(99 * MIB, ROOM)).toBe(false);
	expect(create(50 * MIB).isDue(101 * MIB, ROOM)).toBe(true);
});

test("what was before a snapshot counts no more, and goes with the next one", () => {
	const schedule = create(0, 60 * MIB);
	schedule.logEnded(10 * MIB);
	expect(schedule.written(2, 5 * MIB)).toBe(1);
	expect(schedule.isDue(10 * MIB, ROOM)).toBe(false);
	expect(schedule.written(3, 5 * MIB)).toBe(2);
});

test("it is due sooner where the disk is small, if there is room for it", () => {
	expect(create().isDue(8 * MIB, 9 * MIB)).toBe(false);
	expect(create().isDue(8 * MIB, 7 * MIB)).toBe(true);
	expect(create(4 * MIB).isDue(8 * MIB, 7 * MIB)).toBe(false);
});

test("it is due after a while, where enough was written to be worth it", () => {
	const schedule = createSnapshotSchedule(
		{ ...PACE, age: -1 },
		{ base: { generation: 1, bytes: 10 * MIB }, tail: 0 },
	);
	expect(schedule.isDue(MIB - 1, ROOM)).toBe(false);
	expect(schedule.isDue(MIB + 1, ROOM)).toBe(true);
});
