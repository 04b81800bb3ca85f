import fc from "fast-check";
import { expect, test } from "vitest";
import {
	COLUMNS,
	decodeEntry,
	toEntryRow,
} from "../../../src/node/order/command-rows.ts";
import {
	countRecords,
	createRecordMaker,
	readRecord,
	toRecord,
} from "../../../src/node/order/records.ts";
import {
	decodeValue,
	encodeValue,
	lineOf,
} from "../../../src/node/order/values.ts";
import { anyOrder } from "../../core/support/any-command.ts";

const records = createRecordMaker();

test("an entry is read as it was written, whatever its commands are", () => {
	fc.assert(
		fc.property(anyOrder, fc.nat(), (order, sequence) => {
			const commands = order.map(({ command }) => command);
			const entry = { node: "n", sequence, commands };
			const pieces: Uint8Array[] = [];
			const line = lineOf(toEntryRow(entry, pieces));
			const bytes = readRecord(records.make(line, pieces), 0) as Buffer;
			expect(plain(decodeEntry(bytes, COLUMNS))).toEqual(plain(entry));
		}),
		{ numRuns: 100 },
	);
});

test("half a surrogate pair, which UTF-8 has no bytes for, is read as it was written", () => {
	const values = {
		"\ud83d": ["\ud83d", "\udc4d", "👍", "a\ud83db"],
		plain: { key: "\udfff" },
	};
	const { "\ud83d": lone, ...rest } = values;
	expect(decodeValue(encodeValue({ ...rest, lone }))).toEqual({
		...rest,
		lone,
	});
});

test("fields are known by the columns of the file, not by those of the program", () => {
	const columns = { ...COLUMNS, tick: ["unknown", "ms"] };
	const row = ["n", 1, [["tick", true, 5]]];
	expect(decodeEntry(encodeValue(row), columns).commands).toEqual([
		{ type: "tick", unknown: true, ms: 5 },
	]);
});

test("a file from before grants ended is read: what it has no columns for is undefined", () => {
	const columns = { tick: ["ms", "report"], join: ["conn", "grant"] };
	const rows = [
		["tick", 5, null],
		["join", "c", { agents: ["a"] }],
	];
	expect(decodeEntry(encodeValue(["n", 1, rows]), columns).commands).toEqual([
		{ type: "tick", ms: 5, report: undefined },
		{ type: "join", conn: "c", grant: { agents: ["a"] } },
	]);
});

test("a message of the first format asks nothing of its sender", () => {
	const columns = {
		publish: ["conn", "frame", "echo", "retain", "answer"],
		send: ["conn", "target", "frame", "receipt", "isMirrored", "answer"],
	};
	const rows = [
		["publish", "c", "f", false, null, true],
		["send", "c", "ada", "f", null, false, true],
	];
	const read = decodeEntry(encodeValue(["n", 1, rows]), columns).commands;
	for (const command of read) {
		expect(command).not.toHaveProperty("needsAgent");
		expect(command).not.toHaveProperty("speaksFor");
		expect(command).not.toHaveProperty("messageType");
	}
});

test.each([
	["no row", 5],
	["a row that is too short", ["n", 1]],
	["no number", ["n", "1", []]],
	["a command that is none", ["n", 1, [[]]]],
	["a command of another type", ["n", 1, [["explode"]]]],
	["a command that every object has", ["n", 1, [["toString"]]]],
])("%s is no entry", (_, row) => {
	expect(() => decodeEntry(encodeValue(row), COLUMNS)).toThrow(TypeError);
});

test("a record is whole with all of its bits alone", () => {
	const record = toRecord(Buffer.from("payload"));
	expect(readRecord(record, 0)?.toString()).toBe("payload");
	for (let bit = 0; bit < 8 * record.length; bit++) {
		const broken = Buffer.from(record);
		broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		expect(readRecord(broken, 0), `bit ${bit}`).toBeUndefined();
	}
	for (let length = 0; length < record.length; length++)
		expect(readRecord(record.subarray(0, length), 0)).toBeUndefined();
});

test("records are found behind one that is not whole", () => {
	const one = toRecord(Buffer.from("one"));
	const file = Buffer.concat([one.subarray(0, 5), one, Buffer.from("x"), one]);
	expect(countRecords(file, 0)).toBe(2);
	expect(countRecords(file, file.length - one.length)).toBe(1);
	expect(countRecords(Buffer.alloc(100), 0)).toBe(0);
});

/** With bytes as numbers, whatever their class is. */
function plain(value: unknown): unknown {
	if (value instanceof Uint8Array) return [...value];
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(plain);
	return Object.fromEntries(
		Object.entries(value).map(([name, field]) => [name, plain(field)]),
	);
}
