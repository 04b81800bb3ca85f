/** Who closes, with what, and what comes later: Autobahn's group 7. */
import {
	ANSWER,
	bad,
	type ConformanceCase,
	type ConformanceGroup,
	closeFrame,
	fragments,
	frame,
	message,
	NOT_UTF8,
	OPCODE,
	ping,
	sized,
	textFrame,
} from "./case.ts";

const TEXT = message("Hello");
const LONG = sized(200_000);

function end(
	name: string,
	frames: readonly Buffer[],
	...answers: readonly string[]
): ConformanceCase {
	return { name, frames, answers };
}

const ENDS: readonly ConformanceCase[] = [
	end(
		"7.1 a close after a message",
		[textFrame(TEXT), closeFrame(1000)],
		ANSWER.text(TEXT),
		ANSWER.close(1000),
	),
	end(
		"7.1 a close after one that is refused",
		[textFrame("?"), closeFrame(1000)],
		ANSWER.error("bad_message"),
		ANSWER.close(1000),
	),
	end(
		"7.1 two closes",
		[closeFrame(1000), closeFrame(1001)],
		ANSWER.close(1000),
	),
	end(
		"7.1 a ping after the close",
		[closeFrame(1000), ping()],
		ANSWER.close(1000),
	),
	end(
		"7.1 a message after the close",
		[closeFrame(1000), textFrame(TEXT)],
		ANSWER.close(1000),
	),
	end(
		"7.1 what is broken after the close",
		[closeFrame(1000), frame({ reserved: 0x70 })],
		ANSWER.close(1000),
	),
	end(
		"7.1 a close within a message",
		[
			fragments(TEXT, "")[0] as Buffer,
			closeFrame(1000),
			fragments("", TEXT)[1] as Buffer,
		],
		ANSWER.close(1000),
	),
	end(
		"7.1 200 kB, a close and a ping",
		[textFrame(LONG), closeFrame(1000), ping()],
		ANSWER.text(LONG),
		ANSWER.close(1000),
	),
	end("7.3 a close of nothing", [closeFrame()], ANSWER.close()),
	bad("7.3 a close of one byte", [
		frame({ opcode: OPCODE.close, payload: "a" }),
	]),
	end("7.3 a close with a code", [closeFrame(1000)], ANSWER.close(1000)),
	end(
		"7.3 with a reason",
		[closeFrame(1000, "Hello, world!")],
		ANSWER.close(1000, "Hello, world!"),
	),
	end(
		"7.3 with one of 123 bytes",
		[closeFrame(1000, "*".repeat(123))],
		ANSWER.close(1000, "*".repeat(123)),
	),
	bad("7.3 with one of 124", [closeFrame(1000, "*".repeat(124))]),
	bad(
		"7.5 with one that is no UTF-8",
		[
			closeFrame(
				1000,
				Buffer.from("cebae1bdb9cf83cebcceb5eda080656469746564", "hex"),
			),
		],
		NOT_UTF8,
	),
	bad(
		"7.5 with one that breaks off",
		[closeFrame(1000, Buffer.from([0xce]))],
		NOT_UTF8,
	),
	end(
		"7.5 with one beyond ASCII",
		[closeFrame(1000, "κόσμε")],
		ANSWER.close(1000, "κόσμε"),
	),
];

const MAY_BE_SENT = [
	1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000,
	3999, 4000, 4999,
];
const MAY_NOT = [
	0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535,
];

const CODES: readonly ConformanceCase[] = [
	...MAY_BE_SENT.map((code) =>
		end(`7.7 the code ${code}`, [closeFrame(code)], ANSWER.close(code)),
	),
	...MAY_NOT.flatMap((code) => [
		bad(`7.9 the code ${code}`, [closeFrame(code)]),
		bad(`7.9 the code ${code} with a reason`, [closeFrame(code, "reason")]),
	]),
];

export const CLOSING: readonly ConformanceGroup[] = [
	{ name: "7 ends", cases: ENDS },
	{ name: "7 codes", cases: CODES },
];
