/** Messages in fragments: Autobahn's group 5. */
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
	ping,
	pong,
	textFrame,
} from "./case.ts";

const TEXT = message("fragment1fragment2");
const [FIRST, LAST] = [TEXT.slice(0, 15), TEXT.slice(15)];
const WHOLE = fragments(FIRST, LAST) as [Buffer, Buffer];
const ECHO = ANSWER.text(TEXT);

function continuation(final: boolean): Buffer {
	return frame({
		opcode: OPCODE.continuation,
		final,
		payload: "non-continuation",
	});
}

const FIVE = fragments(
	...[0, 5, 10, 15, 20].map((from) =>
		TEXT.slice(from, from === 20 ? undefined : from + 5),
	),
);

const CASES: readonly ConformanceCase[] = [
	bad("5.1 a ping in fragments", [
		frame({ opcode: OPCODE.ping, final: false, payload: "a" }),
		frame({ opcode: OPCODE.continuation, payload: "b" }),
	]),
	bad("5.2 a pong in fragments", [
		frame({ opcode: OPCODE.pong, final: false, payload: "a" }),
		frame({ opcode: OPCODE.continuation, payload: "b" }),
	]),
	bad("5.2 a close in fragments", [
		frame({
			opcode: OPCODE.close,
			final: false,
			payload: Buffer.from([3, 232]),
		}),
	]),
	bad("5.2 a ping in fragments within a message", [
		WHOLE[0],
		frame({ opcode: OPCODE.ping, final: false, payload: "a" }),
	]),
	good("5.3 two fragments", WHOLE, [ECHO]),
	good(
		"5.6 a ping between them",
		[WHOLE[0], ping("1"), WHOLE[1]],
		[ANSWER.pong("1"), ECHO],
	),
	good("5.6 a pong between them", [WHOLE[0], pong("1"), WHOLE[1]], [ECHO]),
	bad("5.9 a continuation of nothing", [continuation(true), textFrame(TEXT)]),
	bad("5.12 one that is not final", [continuation(false), textFrame(TEXT)]),
	bad(
		"5.15 one after a message in fragments",
		[...WHOLE, continuation(false), textFrame(TEXT)],
		undefined,
		[ECHO],
	),
	bad(
		"5.15 one after a message in one",
		[textFrame(TEXT), continuation(true)],
		undefined,
		[ECHO],
	),
	bad("5.16 a continuation of nothing, then a message", [
		continuation(false),
		...WHOLE,
	]),
	bad("5.18 a text within a text", [
		frame({ final: false, payload: FIRST }),
		textFrame(LAST),
	]),
	bad("5.18 binary within a text", [
		frame({ final: false, payload: FIRST }),
		frame({ opcode: OPCODE.binary, payload: LAST }),
	]),
	good(
		"5.19 five fragments with two pings",
		[
			...FIVE.slice(0, 2),
			ping("1"),
			...FIVE.slice(2, 4),
			ping("2"),
			...FIVE.slice(4),
		],
		[ANSWER.pong("1"), ANSWER.pong("2"), ECHO],
	),
	good(
		"5 a message after one in fragments",
		[...WHOLE, textFrame(TEXT), ...WHOLE],
		[ECHO, ECHO, ECHO],
	),
	good(
		"5 binary in fragments",
		[
			frame({ opcode: OPCODE.binary, final: false, payload: "a" }),
			ping("1"),
			frame({ opcode: OPCODE.continuation, payload: "b" }),
		],
		[ANSWER.pong("1"), ANSWER.error("not_text")],
	),
	good("6.1 three fragments of nothing", fragments("", "", ""), [
		ANSWER.error("bad_message"),
	]),
	good("6.1 the first and the last of nothing", fragments("", TEXT, ""), [
		ECHO,
	]),
];

export const FRAGMENTATION: readonly ConformanceGroup[] = [
	{ name: "5 fragments", cases: CASES },
];
