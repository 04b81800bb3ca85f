import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeScanner } from "../../../src/node/native/scanner.ts";
import { readTextFrames } from "../../../src/node/native/text-frames.ts";
import { frame, OPCODE, textFrame } from "../../support/frames.ts";

const scanner = takeScanner();

const MAX_PAYLOAD = 1_000;

/** What is read of a chunk, and what is left. */
function read(bytes: Buffer): { texts: string[]; rest: Buffer } {
	const texts: string[] = [];
	// Not at its start, and what lies behind it is another read's.
	const start = 10;
	scanner.input.fill(0x81, 0, start);
	const end = start + bytes.copy(scanner.input, start);
	textFrame("old").copy(scanner.input, end);
	const { input: buffer } = scanner;
	const given = { start, end, maxPayload: MAX_PAYLOAD, most: end };
	const stopped = readTextFrames(scanner, given, {
		receive: (payload) => texts.push(Buffer.from(payload).toString()),
	});
	return { texts, rest: Buffer.from(buffer.subarray(stopped, end)) };
}

const ONE = textFrame("one");

describe("text frames", () => {
	test("are read as long as they are whole", () => {
		const long = "ö".repeat(400);
		const chunk = Buffer.concat([ONE, textFrame(""), textFrame(long)]);
		expect(read(chunk)).toEqual({
			texts: ["one", "", long],
			rest: Buffer.alloc(0),
		});
	});

	test.each([
		["a ping", frame({ opcode: OPCODE.ping })],
		["a close frame", frame({ opcode: OPCODE.close })],
		["binary", frame({ opcode: OPCODE.binary, payload: "x" })],
		["the first of several", frame({ final: false, payload: "x" })],
		["one of several", frame({ opcode: OPCODE.continuation, payload: "x" })],
		["what is compressed", frame({ reserved: 0x40, payload: "x" })],
		["what has no mask", frame({ masked: false, payload: "x" })],
		["what is too long", textFrame("x".repeat(MAX_PAYLOAD + 1))],
		["what claims 64 KiB and more", frame({ claimedLength: 65_536 })],
		["what is no UTF-8", frame({ payload: Buffer.from([0xc3, 0x28]) })],
		["long, and no UTF-8", frame({ payload: Buffer.alloc(500, 0xff) })],
	])("stop before %s, which is left as it came", (_, other) => {
		const rest = Buffer.concat([other, ONE]);
		expect(read(Buffer.concat([ONE, rest]))).toEqual({ texts: ["one"], rest });
	});

	test("a length may be longer than it need be", () => {
		const mask = ONE.subarray(2, 6);
		const head = Buffer.from([0x81, 0x80 | 126, 0, 3]);
		const chunk = Buffer.concat([head, mask, ONE.subarray(6)]);
		expect(read(chunk).texts).toEqual(["one"]);
	});

	test("cut anywhere, what is not all there is left as it came", () => {
		const frames = ["one", "x".repeat(200), "two"].map(textFrame);
		const all = Buffer.concat(frames);
		const { texts } = read(Buffer.from(all));
		fc.assert(
			fc.property(fc.nat(all.length), (cut) => {
				const first = read(Buffer.from(all.subarray(0, cut)));
				const left = all.subarray(cut - first.rest.length);
				const second = read(Buffer.from(left));
				expect([...first.texts, ...second.texts]).toEqual(texts);
				expect(second.rest).toHaveLength(0);
			}),
		);
	});
});
