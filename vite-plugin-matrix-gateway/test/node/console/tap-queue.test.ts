/** What waits for a console that does not read is bounded. */
import { expect, test } from "vitest";
import { createTapQueue } from "../../../src/node/console/tap-queue.ts";
import { encodeTextFrame, payloadsOf } from "../../../src/node/frame.ts";

function add(queue: ReturnType<typeof createTapQueue>, text: string): void {
	const of = { conn: "c", agents: [], target: undefined, messageType: "a" };
	queue.add({ ...of, kind: "broadcast", frame: encodeTextFrame(text) });
}

function read(batch: Uint8Array | undefined) {
	if (!batch) return undefined;
	const bytes = Buffer.from(batch);
	const end = 8 + bytes.readUInt32BE(4);
	expect(bytes.length).toBe(end + bytes.readUInt32BE(0));
	const heard: number[][] = [];
	const payloads: Uint8Array[] = [];
	for (let at = 8; at < end; ) {
		const start = at;
		heard.push(
			Array.from({ length: 8 }, (_, n) => bytes.readInt32BE(start + 4 * n)),
		);
		at += 32 + bytes.readInt32BE(start + 12);
		payloads.push(...payloadsOf(bytes.subarray(start + 32, at)));
	}
	return {
		...JSON.parse(bytes.subarray(end).toString()),
		heard,
		body: Buffer.concat(payloads).toString(),
	};
}

test("OPS3 past its bound the oldest are let go of, and counted", () => {
	const queue = createTapQueue({ messages: 3, bytes: 1_000 });
	for (const text of ["1", "22", "333", "4444", "55555"]) add(queue, text);
	expect(read(queue.take())).toMatchObject({
		dropped: 2,
		body: "333444455555",
	});
	expect(queue.take()).toBeUndefined();
});

test("OPS3 its bytes are bounded as well, and a message that is longer than all is let go of", () => {
	const queue = createTapQueue({ messages: 100, bytes: 400 });
	add(queue, "a".repeat(200));
	add(queue, "b".repeat(200));
	expect(read(queue.take())).toMatchObject({
		dropped: 1,
		body: "b".repeat(200),
	});
	add(queue, "c".repeat(70_000));
	expect(read(queue.take())).toMatchObject({ dropped: 1, heard: [], body: "" });
	add(queue, "d");
	expect(read(queue.take())).toMatchObject({ dropped: 0, body: "d" });
});

test("OPS3 nor do the texts of what is gone take more and more room", () => {
	const queue = createTapQueue({ messages: 10, bytes: 10_000 });
	const of = { conn: "c", agents: [], target: undefined };
	const frame = encodeTextFrame("{}");
	for (let count = 0; count < 1_000; count++)
		queue.add({ ...of, kind: "broadcast", messageType: `t${count}`, frame });
	const { dropped, texts, heard, body } = read(queue.take());
	expect(texts.length).toBeLessThan(40);
	expect(dropped + heard.length).toBe(1_000);
	expect(body).toBe("{}".repeat(heard.length));
	expect(texts[heard.at(-1)[4]]).toBe("t999");
});
