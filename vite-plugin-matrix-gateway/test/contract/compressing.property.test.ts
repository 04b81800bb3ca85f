/** A compressed frame, taken apart by hand. */
import { constants, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCompress } from "../../src/node/compression.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { encodeTextFrame } from "../../src/node/frame.ts";
import { COMPRESSED, OPCODE, readFrame } from "../support/frames.ts";

const compress = createCompress({ compression: true, compressionThreshold: 0 });
if (!compress) throw new Error("compression is on");

/** What a client reads that holds to the window it asked for. */
function read(bytes: Uint8Array): Buffer {
	const frame = readFrame(Buffer.from(bytes));
	if (!frame || frame.size !== bytes.byteLength) throw new Error("not a frame");
	expect(frame.opcode).toBe(OPCODE.text);
	if (frame.reserved === 0) return frame.payload;
	expect(frame.reserved).toBe(COMPRESSED);
	const whole = Buffer.concat([frame.payload, Buffer.from([0, 0, 255, 255])]);
	const finishFlush = constants.Z_SYNC_FLUSH;
	return inflateRawSync(whole, { windowBits: 12, finishFlush });
}

/** From what does not shrink to what shrinks well, over all three lengths of a header. */
const payloads = fc.oneof(
	fc.uint8Array({ maxLength: 300 }),
	fc.json().map((text) => Buffer.from(text)),
	fc
		.tuple(fc.uint8Array({ minLength: 1, maxLength: 9_000 }), fc.nat(20))
		.map(([part, times]) => Buffer.concat(Array(times + 1).fill(part))),
);

describe("a compressed frame", () => {
	test("CMP1 CMP2 inflates to what was compressed, and is never longer than it was", () => {
		fc.assert(
			fc.property(payloads, (payload) => {
				const frame = encodeTextFrame(payload);
				const compressed = compress(frame);
				expect(compressed.byteLength).toBeLessThanOrEqual(frame.byteLength);
				expect(read(compressed).equals(payload)).toBe(true);
				expect(compress(frame)).toBe(compressed);
			}),
			{ numRuns: 500 },
		);
	});

	test("CMP2 what would not shrink stays as it is", () => {
		const frame = encodeTextFrame('{"type":"t"}');
		expect(compress(frame)).toBe(frame);
	});
});

describe("the option", () => {
	test.each([-1, Number.NaN, "1k" as never])(
		"CMP2 a threshold of %s is refused",
		(compressionThreshold) => {
			expect(() => createGateway({ compressionThreshold })).toThrow(
				new RangeError(
					`compressionThreshold is a number from 0 on, but ${compressionThreshold} was given`,
				),
			);
		},
	);

	test("CMP1 is off by default", () => {
		expect(createGateway().compresses).toBe(false);
		expect(createGateway({ compression: true }).compresses).toBe(true);
	});
});
