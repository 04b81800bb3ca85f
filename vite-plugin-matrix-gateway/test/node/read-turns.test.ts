import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { holdReading } from "../../src/node/read-turns.ts";
import { FakeReadHandle } from "./support/read-handle.ts";

/** A stream on a handle that counts its starts. */
function readable(onStart?: () => void) {
	const handle = new FakeReadHandle(onStart);
	const stream = Object.assign(new PassThrough(), { _handle: handle });
	return { handle, stream };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("who is held is not read, whatever Node does meanwhile, until the turn has ended", async () => {
	const { stream, handle } = readable();
	expect(holdReading(stream, 1, false)).toBe(true);
	expect(handle).toMatchObject({ starts: 0, stops: 1 });
	expect(handle.readStart()).toBe(0);
	expect(handle.starts).toBe(0);
	await turn();
	expect(handle.starts).toBe(1);
});

test("who no longer wants to read, or has gone, is not read then either", async () => {
	const [paused, gone] = [readable(), readable()];
	for (const { stream } of [paused, gone]) holdReading(stream, 1, false);
	paused.handle.reading = false;
	Object.assign(gone.stream, { _handle: null });
	await turn();
	expect(paused.handle.starts).toBe(0);
	expect(gone.handle.starts).toBe(0);
	paused.handle.readStart();
	expect(paused.handle.starts).toBe(1);
});

test("of many, as many are read in a turn as take five milliseconds, and in their order", async () => {
	const all = Array.from({ length: 5 }, () => readable());
	for (const { stream } of all) holdReading(stream, 3, false);
	const starts = () => all.map(({ handle }) => handle.starts);
	await turn();
	expect(starts()).toEqual([1, 1, 0, 0, 0]);
	// Who comes again waits behind the others.
	holdReading((all[0] as ReturnType<typeof readable>).stream, 3, false);
	await turn();
	expect(starts()).toEqual([1, 1, 1, 1, 0]);
	await turn();
	expect(starts()).toEqual([2, 1, 1, 1, 1]);
});

test("what was put aside comes first, and may stop the reading", async () => {
	const order: string[] = [];
	const [on, off] = [readable(() => order.push("read")), readable()];
	holdReading(on.stream, 0, false, () => {
		order.push("aside");
		return true;
	});
	holdReading(off.stream, 0, false, () => false);
	await turn();
	expect(order).toEqual(["aside", "read"]);
	expect(off.handle).toMatchObject({ reading: false, starts: 0 });
});
