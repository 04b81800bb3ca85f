/** Sizes, pings and pongs, and what is large: Autobahn's groups 1, 2 and 9. */
import {
	ANSWER,
	bad,
	type ConformanceCase,
	type ConformanceGroup,
	fragments,
	frame,
	good,
	message,
	OPCODE,
	PROTOCOL_ERROR,
	ping,
	pong,
	sized,
	textFrame,
} from "./case.ts";

const SIZES = [125, 126, 127, 128, 65_535, 65_536];
const MAX_PAYLOAD = 262_144;

const SIZED: readonly ConformanceCase[] = SIZES.map((bytes) => {
	const text = sized(bytes);
	return good(
		`1.1 a text of ${bytes}`,
		[textFrame(text)],
		[ANSWER.text(text)],
		997,
	);
});

const BINARY: readonly ConformanceCase[] = [0, ...SIZES].map((bytes) =>
	good(
		`1.2 binary of ${bytes}, which is refused as a message, not as a frame`,
		[frame({ opcode: OPCODE.binary, payload: Buffer.alloc(bytes, 0xfe) })],
		[ANSWER.error("not_text")],
		997,
	),
);

const EVERY_BYTE = Buffer.from([0, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0, 0xff]);
const TEN = Array.from({ length: 10 }, (_, index) => `payload-${index}`);
const LONGEST = Buffer.alloc(125, 0xfe);

const PINGS: readonly ConformanceCase[] = [
	good("2.1 a ping of nothing", [ping()], [ANSWER.pong()]),
	good(
		"2.2 a ping of text",
		[ping("Hello, world!")],
		[ANSWER.pong("Hello, world!")],
	),
	good(
		"2.3 a ping that is no text",
		[ping(EVERY_BYTE)],
		[ANSWER.pong(EVERY_BYTE)],
	),
	good("2.4 a ping of 125", [ping(LONGEST)], [ANSWER.pong(LONGEST)]),
	bad("2.5 a ping of 126", [ping(Buffer.alloc(126, 0xfe))]),
	bad("2.5 a pong of 126", [pong(Buffer.alloc(126, 0xfe))]),
	good("2.7 a pong that nobody asked for", [pong()], []),
	good("2.8 one of text", [pong("unsolicited")], []),
	good("2.9 one, and a ping", [pong("a"), ping("b")], [ANSWER.pong("b")]),
	good("2.10 ten pings", TEN.map(ping), TEN.map(ANSWER.pong)),
];

const LARGEST = sized(MAX_PAYLOAD);

/** A text in fragments of so many bytes. */
function cut(text: string, bytes: number): Buffer[] {
	const count = Math.ceil(text.length / bytes);
	return fragments(
		...Array.from({ length: count }, (_, index) =>
			text.slice(index * bytes, (index + 1) * bytes),
		),
	);
}

const MANY = Array.from({ length: 200 }, (_, index) => sized(50 + 80 * index));

const LARGE: readonly ConformanceCase[] = [
	good(
		"9.1 a text of 64 KiB",
		[textFrame(sized(65_536))],
		[ANSWER.text(sized(65_536))],
		4_096,
	),
	good(
		"9.1 a text of maxPayload",
		[textFrame(LARGEST)],
		[ANSWER.text(LARGEST)],
		16_384,
	),
	bad("9.1 one byte more", [textFrame(`${LARGEST} `)], ANSWER.close(1009)),
	...[64, 1_024, 65_536].map((bytes) =>
		good(
			`9.3 maxPayload in fragments of ${bytes}`,
			cut(LARGEST, bytes),
			[ANSWER.text(LARGEST)],
			8_192,
		),
	),
	bad(
		"9.3 one byte more in fragments",
		cut(`${LARGEST} `, 65_536),
		ANSWER.close(1009),
	),
	good(
		"9.5 a text of 64 KiB, chopped",
		[textFrame(sized(65_536))],
		[ANSWER.text(sized(65_536))],
		64,
	),
	good(
		"9.7 200 messages in a row",
		MANY.map(textFrame),
		MANY.map(ANSWER.text),
		1_024,
	),
	bad(
		"9.9 a length that no message may have",
		[frame({ claimedLength: 2 ** 31 })],
		ANSWER.close(1009),
	),
	bad(
		"9.9 a length of more than 63 bits",
		[Buffer.from([0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0])],
		ANSWER.close(1009),
	),
];

const MASK = Buffer.alloc(4);

const HEADS: readonly ConformanceCase[] = [
	bad("5.1 a frame without a mask", [
		frame({ masked: false, payload: message() }),
	]),
	bad("5.1 a ping without a mask", [
		frame({ opcode: OPCODE.ping, masked: false }),
	]),
	bad("5.1 a close without a mask", [
		frame({
			opcode: OPCODE.close,
			masked: false,
			payload: Buffer.from([3, 232]),
		}),
	]),
	good(
		"5.2 a mask of zeros",
		[
			Buffer.from([0x81, 0x80 | message().length]),
			MASK,
			Buffer.from(message()),
		],
		[ANSWER.text(message())],
	),
	good(
		"5.2 a length in more bytes than it needs, which the gateway reads",
		[
			Buffer.from([0x81, 0xfe, 0, message().length]),
			MASK,
			Buffer.from(message()),
			Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, message().length]),
			MASK,
			Buffer.from(message()),
		],
		[ANSWER.text(message()), ANSWER.text(message())],
	),
	bad(
		"5.5 a ping whose length is told in two bytes",
		[Buffer.from([0x89, 0xfe, 0, 1]), MASK, Buffer.from("x")],
		PROTOCOL_ERROR,
	),
];

export const FRAMING: readonly ConformanceGroup[] = [
	{
		name: "1 sizes",
		cases: [
			good(
				"1.1 a text of nothing, which is no message",
				[textFrame("")],
				[ANSWER.error("bad_message")],
			),
			...SIZED,
			...BINARY,
		],
	},
	{ name: "2 pings and pongs", cases: PINGS },
	{ name: "9 what is large", cases: LARGE },
	{ name: "heads of frames", cases: HEADS },
];
