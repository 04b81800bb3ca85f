/** What the console's page says of its tap, and when. */
import { expect, onTestFinished, test, vi } from "vitest";
import {
	openTap,
	pause,
	shutTap,
	tap,
} from "../../../../console/src/tap/tap.ts";
import {
	type BatchHead,
	HEARD_BYTES,
	LENGTHS,
} from "../../../../src/node/console/wire.ts";

/** A gateway that answers each tap when it is told to, with these batches. */
function createGateway() {
	const asked: ((batches: readonly Uint8Array[]) => void)[] = [];
	vi.stubGlobal("document", { baseURI: "http://localhost/__matrix/" });
	vi.stubGlobal("sessionStorage", { getItem: () => null });
	vi.stubGlobal("fetch", async ({ pathname }: URL) => {
		if (!pathname.endsWith("/tap")) return Response.json(STATE);
		return new Promise<Response>((resolve) => {
			asked.push((batches) => resolve(new Response(streamOf(batches))));
		});
	});
	onTestFinished(() => {
		shutTap();
		vi.unstubAllGlobals();
	});
	return {
		answer: (...batches: Uint8Array[]) =>
			asked.shift()?.([batchOf(0), ...batches]),
	};
}

const STATE = { agents: [], retained: [], retainTable: [] };

/** It does not end, as that of a tap does not. */
function streamOf(batches: readonly Uint8Array[]) {
	return new ReadableStream<Uint8Array>({
		start(controller) {
			for (const batch of batches) controller.enqueue(batch);
		},
	});
}

/** Of so many messages `{}`, as frames. */
function batchOf(count: number): Uint8Array {
	const counts = { at: 0, dropped: 0, hidden: 0 };
	const told: BatchHead = { ...counts, texts: ["bark", "c"], names: [] };
	const head = new TextEncoder().encode(JSON.stringify(told));
	const size = HEARD_BYTES + 4;
	const batch = new Uint8Array(LENGTHS + count * size + head.length);
	const view = new DataView(batch.buffer);
	view.setUint32(0, head.length);
	view.setUint32(4, count * size);
	for (let at = LENGTHS; at < LENGTHS + count * size; at += size)
		for (const [place, field] of [0, 0, 2, 4, 0, 1, -1, -1].entries())
			view.setInt32(at + 4 * place, field);
	batch.set(head, LENGTHS + count * size);
	return batch;
}

test("OPS3 it is open from when the gateway has answered until it is shut, and holds nothing then", async () => {
	const gateway = createGateway();
	openTap("default");
	expect(tap.get().isOpen).toBe(false);
	gateway.answer(batchOf(3));
	await vi.waitUntil(() => tap.get().kept === 3);
	expect(tap.get()).toMatchObject({ isOpen: true, gone: 0 });
	shutTap();
	expect(tap.get()).toMatchObject({ isOpen: false, kept: 0, shown: [] });
	openTap("default");
	expect(tap.get().isOpen).toBe(false);
	gateway.answer();
	await vi.waitUntil(() => tap.get().isOpen);
});

test("OPS3 one that was shut while it stood still does not stand still when it opens", async () => {
	const gateway = createGateway();
	openTap("default");
	gateway.answer(batchOf(1));
	await vi.waitUntil(() => tap.get().kept === 1);
	pause(true);
	shutTap();
	openTap("default");
	gateway.answer(batchOf(20_001));
	await vi.waitUntil(() => tap.get().kept > 0);
	const { isPaused, kept, gone, shown } = tap.get();
	expect([isPaused, kept + gone]).toEqual([false, 20_001]);
	expect(kept).toBeLessThanOrEqual(20_000);
	expect(shown.at(-1)?.type).toBe("bark");
});
