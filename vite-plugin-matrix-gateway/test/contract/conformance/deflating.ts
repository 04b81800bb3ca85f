/** Compressed messages (RFC 7692): some of Autobahn's groups 12 and 13. */
import { constants, deflateRawSync } from "node:zlib";
import { COMPRESSED } from "../../support/frames.ts";
import {
	ANSWER,
	bad,
	type ConformanceCase,
	type ConformanceGroup,
	frame,
	good,
	message,
	NOT_UTF8,
	OPCODE,
	ping,
	sized,
	textFrame,
} from "./case.ts";

const TEXT = message("Hello, hello, hello, hello!");
const ECHO = ANSWER.text(TEXT);

/** As the extension has it: without the four bytes at the end that are always the same. */
function deflate(text: string | Buffer, level?: number): Buffer {
	const bytes = deflateRawSync(text, {
		finishFlush: constants.Z_SYNC_FLUSH,
		...(level !== undefined && { level }),
	});
	return bytes.subarray(0, -4);
}

function compressed(payload: Buffer): Buffer {
	return frame({ reserved: COMPRESSED, payload });
}

const SMALL = deflate(TEXT);
const PARTS = [SMALL.subarray(0, 5), SMALL.subarray(5, 9), SMALL.subarray(9)];

function inFragments(reserved: readonly number[]): Buffer[] {
	return PARTS.map((payload, index) =>
		frame({
			opcode: index === 0 ? OPCODE.text : OPCODE.continuation,
			final: index === PARTS.length - 1,
			reserved: reserved[index] ?? 0,
			payload,
		}),
	);
}

const [FIRST, ...REST] = inFragments([COMPRESSED]) as [Buffer, ...Buffer[]];
const SIZES = [32, 64, 256, 1_024, 4_096, 65_536, 262_144];

const CASES: readonly ConformanceCase[] = [
	good("12 one message", [compressed(SMALL)], [ECHO]),
	good(
		"12 one that is not compressed, though it may",
		[textFrame(TEXT)],
		[ECHO],
	),
	good("12 one of stored blocks", [compressed(deflate(TEXT, 0))], [ECHO]),
	good(
		"12 one of nothing",
		[compressed(deflate(""))],
		[ANSWER.error("bad_message")],
	),
	...SIZES.map((bytes) =>
		good(
			`12 three messages of ${bytes}`,
			Array(3).fill(compressed(deflate(sized(bytes)))),
			Array(3).fill(ANSWER.text(sized(bytes))),
			1_024,
		),
	),
	good(
		"13 fragments and a ping between them",
		[FIRST, ping("1"), ...REST],
		[ECHO, ANSWER.pong("1")],
	),
	bad("13 every fragment marked", inFragments(Array(3).fill(COMPRESSED))),
	bad("13 a ping that is marked", [
		frame({ opcode: OPCODE.ping, reserved: COMPRESSED, payload: SMALL }),
	]),
	bad("13 another reserved bit", [frame({ reserved: 0x60, payload: SMALL })]),
	bad(
		"13 what cannot be inflated",
		[compressed(Buffer.alloc(20, 0xff))],
		NOT_UTF8,
	),
	bad(
		"13 what inflates to no UTF-8",
		[compressed(deflate(Buffer.from([0x22, 0xff, 0x22])))],
		NOT_UTF8,
	),
	bad(
		"13 what inflates to more than maxPayload",
		[compressed(deflate(`${sized(262_144)} `))],
		ANSWER.close(1009),
	),
];

export const DEFLATING: readonly ConformanceGroup[] = [
	{ name: "12 and 13 what is compressed", cases: CASES },
];
