import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chargeWriting } from "../../src/node/read-shares.ts";
import { holdReading } from "../../src/node/read-turns.ts";

/** The fake clock begins at 0 each time, and none may run backwards. */
let begin = 0;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["performance", "setTimeout"] });
	begin += 1_000_000;
	vi.advanceTimersByTime(begin);
});

afterEach(() => {
	vi.useRealTimers();
});

/** Below a stream that has brought much: counts how often it was read on since. */
class Held {
	reading = true;
	reads = 0;

	readStart(): number {
		return ++this.reads;
	}

	readStop(): number {
		return 0;
	}
}

function hold(): Held {
	const handle = new Held();
	holdReading(Object.assign(new PassThrough(), { _handle: handle }), 1);
	return handle;
}

async function pass(milliseconds: number): Promise<void> {
	vi.advanceTimersByTime(milliseconds);
	for (let n = 0; n < 3; n++)
		await new Promise((resolve) => setImmediate(resolve));
}

test("CON12 who sends much is not read while a way round takes long, and is soon after its end", async () => {
	chargeWriting(1, 101);
	const one = hold();
	await pass(19);
	chargeWriting(1, 120);
	const other = hold();
	await pass(19);
	expect([one.reads, other.reads]).toEqual([0, 0]);
	await pass(1);
	expect([one.reads, other.reads]).toEqual([1, 1]);
});

test("CON12 nobody waits for a way round that is over within a tenth of a second", async () => {
	chargeWriting(50, 100);
	const one = hold();
	await pass(0);
	expect(one.reads).toBe(1);
});
