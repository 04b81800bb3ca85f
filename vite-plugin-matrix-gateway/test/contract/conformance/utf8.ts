/** What is text, and what is none: Autobahn's group 6. */
import {
	ANSWER,
	bad,
	type ConformanceCase,
	type ConformanceGroup,
	fragments,
	frame,
	good,
	message,
	NOT_UTF8,
	textFrame,
} from "./case.ts";

const [HEAD, TAIL] = [message().slice(0, -2), message().slice(-2)];

/** A message with these bytes in a string of its. */
function around(bytes: Buffer): Buffer {
	return Buffer.concat([Buffer.from(HEAD), bytes, Buffer.from(TAIL)]);
}

/** The same in fragments, the bytes each in one of its own. */
function cutUp(bytes: Buffer): Buffer[] {
	return fragments(
		HEAD,
		...[...bytes].map((byte) => Buffer.from([byte])),
		TAIL,
	);
}

function valid(name: string, text: string): ConformanceCase[] {
	const echo = [ANSWER.text(message(text))];
	const bytes = Buffer.from(text);
	return [
		good(name, [textFrame(message(text))], echo),
		good(`${name}, each byte in a fragment`, cutUp(bytes), echo),
	];
}

function invalid(name: string, hex: string): ConformanceCase[] {
	const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
	return [
		bad(name, [frame({ payload: around(bytes) })], NOT_UTF8),
		bad(`${name}, each byte in a fragment`, cutUp(bytes), NOT_UTF8),
	];
}

/** A text that ends in the middle of a character. */
function brokenOff(name: string, hex: string): ConformanceCase[] {
	const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
	const payload = Buffer.concat([Buffer.from(HEAD), bytes]);
	return [
		...invalid(name, hex),
		bad(`${name}, and no more`, [frame({ payload })], NOT_UTF8),
	];
}

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function hexOf(bytes: readonly number[]): string {
	return Buffer.from(bytes).toString("hex");
}

/** First bytes of sequences, each with a space behind it. */
function lonely(from: number, to: number): string {
	return hexOf(range(from, to).flatMap((byte) => [byte, 0x20]));
}

const KOSME = "κόσμε";
const SAMPLE = "Hello-µ@ßöäüàá-UTF-8!!";
const NONCHARACTERS = range(0, 16).flatMap((plane) => [
	String.fromCodePoint(plane * 0x10000 + 0xfffe),
	String.fromCodePoint(plane * 0x10000 + 0xffff),
]);
const LAST_CONTINUATION_MISSING = [
	"c0",
	"e0 80",
	"f0 80 80",
	"f8 80 80 80",
	"fc 80 80 80 80",
	"df",
	"ef bf",
	"f7 bf bf",
	"fb bf bf bf",
	"fd bf bf bf bf",
];

const VALID: readonly ConformanceCase[] = [
	...valid("6.2 text beyond ASCII", SAMPLE),
	good(
		"6.2 cut between characters",
		fragments(message(SAMPLE).slice(0, 25), message(SAMPLE).slice(25)),
		[ANSWER.text(message(SAMPLE))],
	),
	...valid("6.5 Greek with marks", KOSME),
	...valid("6.7 the first of two bytes", "\u0080"),
	...valid("6.7 the first of three", "\u0800"),
	...valid("6.7 the first of four", "\u{10000}"),
	...valid("6.9 the last of one", "\x7f"),
	...valid("6.9 the last of two", "\u07ff"),
	...valid("6.9 the last of three", "\uffff"),
	...valid("6.9 the last of four", "\u{10ffff}"),
	...valid("6.11 beside the surrogates", "\ud7ff\ue000"),
	...valid("6.11 the replacement character", "\ufffd"),
	...valid("6.22 what is no character", NONCHARACTERS.join("")),
	...valid("6.23 the specials", "\ufff9\ufffa\ufffb\ufffc\ufffd"),
	good(
		"6.7 a zero byte, which is text but not JSON",
		[textFrame(message("\0"))],
		[ANSWER.error("bad_message")],
	),
	good(
		"6 a text of 60 kB, half of it beyond ASCII",
		[textFrame(message(SAMPLE.repeat(2_000)))],
		[ANSWER.text(message(SAMPLE.repeat(2_000)))],
		1_021,
	),
];

/** What is there of a text that breaks off in the middle of a character. */
const PREFIXES: readonly ConformanceCase[] = range(
	1,
	Buffer.from(KOSME).length - 1,
)
	.map((length) => Buffer.from(KOSME).subarray(0, length))
	.filter((bytes) => bytes.toString().includes("\ufffd"))
	.flatMap((bytes) =>
		brokenOff(`6.6 ${bytes.length} bytes of a text`, bytes.toString("hex")),
	);

const INVALID: readonly ConformanceCase[] = [
	...invalid(
		"6.3 a surrogate within good text",
		`${Buffer.from(KOSME).toString("hex")} eda080 656469746564`,
	),
	...invalid(
		"6.4 more than U+10FFFF within good text",
		`${Buffer.from(KOSME).toString("hex")} f4908080 656469746564`,
	),
	...PREFIXES,
	...invalid("6.8 the first of five bytes", "f8 88 80 80 80"),
	...invalid("6.8 the first of six", "fc 84 80 80 80 80"),
	...invalid("6.10 the last of four as it once was", "f7 bf bf bf"),
	...invalid("6.10 the last of five", "fb bf bf bf bf"),
	...invalid("6.10 the last of six", "fd bf bf bf bf bf"),
	...invalid("6.11 U+110000", "f4 90 80 80"),
	...range(1, 8).flatMap((count) =>
		invalid(
			`6.12 ${count} continuations of nothing`,
			hexOf(range(1, count).map((n) => (n % 2 ? 0x80 : 0xbf))),
		),
	),
	...invalid("6.12 all continuations", hexOf(range(0x80, 0xbf))),
	...invalid("6.13 lonely first bytes of two", lonely(0xc0, 0xdf)),
	...invalid("6.13 of three", lonely(0xe0, 0xef)),
	...invalid("6.13 of four", lonely(0xf0, 0xf7)),
	...invalid("6.13 of five", lonely(0xf8, 0xfb)),
	...invalid("6.13 of six", lonely(0xfc, 0xfd)),
	...LAST_CONTINUATION_MISSING.flatMap((hex) =>
		brokenOff(`6.14 ${hex}, and no last byte`, hex),
	),
	...invalid("6.15 all of them in a row", LAST_CONTINUATION_MISSING.join("")),
	...["fe", "ff", "fe fe ff ff"].flatMap((hex) =>
		invalid(`6.16 ${hex}, which cannot be`, hex),
	),
	...[
		"c0 af",
		"e0 80 af",
		"f0 80 80 af",
		"f8 80 80 80 af",
		"fc 80 80 80 80 af",
	].flatMap((hex) => invalid(`6.17 ${hex}, a slash that is too long`, hex)),
	...[
		"c1 bf",
		"e0 9f bf",
		"f0 8f bf bf",
		"f8 87 bf bf bf",
		"fc 83 bf bf bf bf",
	].flatMap((hex) => invalid(`6.18 ${hex}, too long as well`, hex)),
	...[
		"c0 80",
		"e0 80 80",
		"f0 80 80 80",
		"f8 80 80 80 80",
		"fc 80 80 80 80 80",
	].flatMap((hex) => invalid(`6.19 ${hex}, a zero that is too long`, hex)),
	...[
		"ed a0 80",
		"ed ad bf",
		"ed ae 80",
		"ed af bf",
		"ed b0 80",
		"ed be 80",
		"ed bf bf",
	].flatMap((hex) => invalid(`6.20 ${hex}, a surrogate`, hex)),
	...[
		"ed a0 80 ed b0 80",
		"ed a0 80 ed bf bf",
		"ed ad bf ed b0 80",
		"ed ad bf ed bf bf",
		"ed ae 80 ed b0 80",
		"ed ae 80 ed bf bf",
		"ed af bf ed b0 80",
		"ed af bf ed bf bf",
	].flatMap((hex) => invalid(`6.21 ${hex}, a pair of them`, hex)),
];

export const UTF8: readonly ConformanceGroup[] = [
	{ name: "6 what is UTF-8", cases: VALID },
	{ name: "6 what is none", cases: INVALID },
];
