import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_DEPTH } from "../../../src/core/protocol/depth.ts";
import { readEnvelope } from "../../../src/core/protocol/envelope.ts";
import { isRefusal } from "../../../src/core/protocol/refusal.ts";
import { takeScanner } from "../../../src/node/native/scanner.ts";
import { SOURCE_HASH } from "../../../src/node/native/scanner-module.ts";
import { depthOf, findEnvelope } from "../../core/support/envelope.ts";
import { createFakeHost } from "../../core/support/host.ts";

const scanner = takeScanner();
const { input } = scanner;

/** Puts bytes somewhere into the input, between others. */
function place(bytes: Uint8Array, at = 0): Uint8Array {
	const end = Math.min(input.length, at + bytes.length + 40);
	input.fill(0x22, Math.max(0, at - 40), end);
	input.set(bytes, at);
	return input.subarray(at, at + bytes.length);
}

function find(json: string | Uint8Array, at = 0) {
	return scanner.findEnvelope(place(Buffer.from(json), at));
}

const parse = (text: string) => findEnvelope(Buffer.from(text));

/** The keys that matter, and values of all kinds, also for those. */
const name = fc.constantFrom(
	"type",
	"target_id",
	"retain",
	"receipt",
	"typ",
	"a",
);
const value = fc.oneof(
	fc.constantFrom("bark", "timmy", "", "Tïmmy", null, 0, -1.5e-7, 1e21, true),
	fc.string({ unit: "binary", maxLength: 40 }),
	fc.jsonValue({ maxDepth: 4 }),
);
const space = fc.constantFrom("", " ", "\t\r\n ");

/** An object as text, with the names as they come, also twice. */
function write(members: [string, unknown][], space: string): string {
	const texts = members.map(
		([key, value]) =>
			`${JSON.stringify(key)}${space}:${space}${JSON.stringify(value, null, space)}`,
	);
	return `${space}{${space}${texts.join(`${space},${space}`)}${space}}${space}`;
}

const members = fc.array(fc.tuple(name, value), { maxLength: 5 });
const json = fc.tuple(members, space).map((parts) => write(...parts));

/** Objects and arrays in each other, about as deep as they may be, with brackets in strings beside. */
const level = fc.constantFrom(
	...['["\\"[",', '[{},["]"],', '{"\\\\":', '{"a":"{","b":', "[", "\t[ "],
);
const deep = fc
	.tuple(
		fc.array(level, { minLength: 55, maxLength: 70 }),
		fc.constantFrom("", ',"b":1', ',"b":0,"b":[{}]'),
		fc.boolean(),
	)
	.map(([levels, after, isTwice]) => {
		const ends = levels.map((open) => (open.includes(":") ? "}" : "]"));
		const value = `${levels.join("")}1${ends.reverse().join("")}`;
		// Of a key that is there twice a parser keeps the last; what it drops is forwarded all the same.
		const again = isTwice ? ',"b":1' : "";
		return `{"type":"bark","b":${value}${again}${after}}`;
	});

/** What every message is that the scanner has to know. */
const plain = fc
	.string({ minLength: 1 })
	.filter((text) => /^[^"\\]+$/.test(text));
const known = fc
	.tuple(
		plain,
		fc.option(plain),
		fc.array(fc.tuple(fc.constantFrom<string>("typ", "a", "receipts"), value)),
		fc.nat(),
		space,
	)
	.map(([type, target, others, at, space]) => {
		const own: [string, string][] = [["type", type]];
		if (target !== null) own.push(["target_id", target]);
		const place = at % (others.length + 1);
		return write(others.toSpliced(place, 0, ...own), space);
	});

describe("scanner", () => {
	test("is made of the source that is here; `npm run build:scanner` makes it anew", () => {
		const source = new URL("../../../scanner/scanner.ts", import.meta.url);
		const hash = createHash("sha256").update(readFileSync(source));
		expect(SOURCE_HASH).toBe(hash.digest("hex"));
	});

	test("takes a mask off at any length and place, and touches nothing beside", () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.uint8Array({ maxLength: 300 }),
					fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
				),
				fc.uint8Array({ minLength: 4, maxLength: 4 }),
				fc.nat(60),
				(payload, mask, offset) => {
					const masked = payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0));
					const all = Buffer.concat([mask, masked, Buffer.alloc(40, 7)]);
					const here = place(all, offset);
					const inside = here.subarray(4, 4 + payload.length);
					const isUtf8 = Buffer.from(payload).equals(
						Buffer.from(Buffer.from(payload).toString()),
					);
					expect(scanner.unmask(inside)).toBe(isUtf8);
					expect(Buffer.from(inside)).toEqual(Buffer.from(payload));
					scanner.unmask(inside);
					expect(Buffer.from(here)).toEqual(all);
				},
			),
		);
	});

	test.each([
		'{"type":"bark"}',
		' {"a": [1, -0.5e+3, {}, [], [[{"b": null}]]], "type" : "bark" } \r\n',
		'{"type":"bark","text":"a \\"quoted\\" \\u00e4 \\\\ ä 🐕","target_id":"timmy"}',
		`{"type":"bark","text":"${"x".repeat(60_000)}"}`,
		`{"type":"bark","deep":${"[".repeat(63)}${"]".repeat(63)}}`,
		'{"nested":{"type":1,"retain":2,"receipt":3},"type":"bark"}',
	])("RT7 knows of %.70s what a parser would find", (text) => {
		expect(find(text)).toEqual(parse(text));
		expect(find(text)).toBeDefined();
	});

	test.each([
		[
			"",
			"{",
			"}",
			"[]",
			"null",
			'"type"',
			"{}",
			'{"type":"a"',
			'{"type":"a"}}',
		],
		[
			'{"type":"a"}x',
			'{"type":"a",}',
			'{,"type":"a"}',
			'{"type" "a"}',
			'{"type"}',
		],
		['{"type":"a","b":[}]}', '{"type":"a","b":[1,]}', '{"type":"a","b":[1 2]}'],
		['{"type":"a","b":01}', '{"type":"a","b":1.}', '{"type":"a","b":.5}'],
		['{"type":"a","b":-}', '{"type":"a","b":1e}', '{"type":"a","b":+1}'],
		[
			'{"type":"a","b":tru}',
			'{"type":"a","b":falsy}',
			'{"type":"a","b":nulll}',
		],
		[
			'{"type":"a","b":"\n"}',
			'{"type":"a","b":"\\x"}',
			'{"type":"a","b":"\\u00g0"}',
		],
		['{"type":"a","b":"}', '{"type":"a","b":"\\"}', '\ufeff{"type":"a"}'],
		['{"type":"a","b":\u00a01}', "{'type':'a'}", '{"type":"a","b":NaN}'],
	])("RT7 knows nothing of what is broken: %s %s %s …", (...texts) => {
		for (const text of texts) expect(find(text), text).toBeUndefined();
	});

	test.each([
		'{"type":1}',
		'{"type":""}',
		'{"type":"a","type":"b"}',
		'{"ty\\u0070e":"a","type":"b"}',
		'{"type":"\\u0061"}',
		'{"type":"ä"}',
		'{"type":"a","target_id":null}',
		'{"type":"a","target_id":"ä"}',
		'{"type":"a","retain":null}',
		'{"type":"a","receipt":"1"}',
		`{"type":"a","deep":${"[".repeat(64)}${"]".repeat(64)}}`,
	])("RT7 leaves %.70s to a parser", (text) => {
		expect(find(text)).toBeUndefined();
	});

	test("RT7 of every plain message it knows what a parser would find", () => {
		fc.assert(
			fc.property(known, (text) => {
				const found = find(text, input.length - Buffer.byteLength(text));
				expect(parse(text)).toBeDefined();
				expect(found).toEqual(parse(text));
			}),
			{ numRuns: 2_000 },
		);
	});

	test("RT7 of any message it knows what a parser would find, or nothing", () => {
		fc.assert(
			fc.property(json, fc.nat(100), (text, at) => {
				const found = find(text, at);
				if (found) expect(found).toEqual(parse(text));
			}),
			{ numRuns: 2_000 },
		);
	});

	test("RT7 of a deep message it finds what the core does, or leaves the refusal to it", () => {
		const host = createFakeHost(false);
		fc.assert(
			fc.property(deep, (text) => {
				const found = find(text);
				const read = readEnvelope(host, Buffer.from(text));
				expect(isRefusal(read)).toBe(depthOf(text) > MAX_DEPTH);
				expect(found).toEqual(
					isRefusal(read) ? undefined : { type: read.type, target: undefined },
				);
			}),
			{ numRuns: 1_000 },
		);
	});

	test("RT7 nor more of one with other bytes in it, or without its end", () => {
		const edit = fc.tuple(
			fc.nat(),
			fc.nat(3),
			fc.constantFrom(...'{}[]":,\\ \n\u0000u01-.eEtfn'),
		);
		fc.assert(
			fc.property(json, fc.array(edit, { maxLength: 3 }), (text, edits) => {
				let edited = `{"type":"bark",${text.trim().slice(1)}`;
				for (const [place, removed, inserted] of edits) {
					const at = place % (edited.length + 1);
					edited = `${edited.slice(0, at)}${inserted}${edited.slice(at + removed)}`;
				}
				const found = find(edited);
				if (found) expect(found).toEqual(parse(edited));
			}),
			{ numRuns: 5_000 },
		);
	});

	test("RT7 reads nothing behind a message, and leaves that as it was", () => {
		const text = '{"type":"bark","a":1}';
		const both = place(Buffer.from(`${text}${text}`));
		for (let length = 0; length < text.length; length++)
			expect(scanner.findEnvelope(both.subarray(0, length))).toBeUndefined();
		expect(scanner.findEnvelope(both.subarray(0, text.length))).toBeDefined();
		expect(Buffer.from(both).toString()).toBe(`${text}${text}`);
	});

	test("RT7 knows each of several views by its place", () => {
		const [bark, wave] = ['{"type":"bark"}', '{"type":"wave","a":1}'];
		place(Buffer.from(`${bark}${wave}`), 50);
		const end = 50 + bark.length;
		const one = scanner.view(50, end);
		const other = scanner.view(end, end + wave.length);
		const types = [one, other, one].map(
			(view) => scanner.findEnvelope(view)?.type,
		);
		expect(types).toEqual(["bark", "wave", "bark"]);
	});

	test("RT7 knows nothing of what lies elsewhere", () => {
		const elsewhere = Buffer.from('{"type":"bark"}');
		expect(scanner.findEnvelope(elsewhere)).toBeUndefined();
		expect(() => scanner.unmask(elsewhere)).toThrow(RangeError);
	});
});
