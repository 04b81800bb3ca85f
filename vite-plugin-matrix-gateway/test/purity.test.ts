import { describe, expect, test } from "vitest";
import { sourcesIn } from "./dependencies/files.ts";
import { impuritiesOf } from "./dependencies/globals.ts";
import { CORE } from "./dependencies/houses.ts";
import { CORE_PURITY, WORLD_PURITY } from "./dependencies/purity.ts";

const WORLD = `${CORE}/world`;

describe("world/ is a function of its entries", () => {
	const impuritiesIn = (text: string) =>
		impuritiesOf(WORLD_PURITY, `${WORLD}/planted.ts`, text);

	test("no clock, no random, no socket, no timer, no parsing, no host", () => {
		const files = sourcesIn(WORLD);
		expect(files.length).toBeGreaterThan(0);
		expect(files.flatMap((file) => impuritiesOf(WORLD_PURITY, file))).toEqual(
			[],
		);
	});

	test.each([
		["const at = Date.now();", "Date"],
		["const at = new Date();", "Date"],
		["const at = new Date(0).toString();", "new Date"],
		["const now = Date['now'];", "Date"],
		["const at = performance.now();", "performance"],
		["const at = globalThis.Date.now();", "globalThis"],
		["const luck = Math.random();", "Math.random"],
		["const luck = Math['random']();", "Math"],
		["const { random } = Math;", "Math"],
		["const id = crypto.randomUUID();", "crypto"],
		["setTimeout(f, 1); function f() {}", "setTimeout"],
		["setInterval(f, 1); function f() {}", "setInterval"],
		["const later = { setImmediate };", "setImmediate"],
		["queueMicrotask(f); function f() {}", "queueMicrotask"],
		["const start = process.hrtime();", "process"],
		["const bytes = Buffer.alloc(1);", "Buffer"],
		["const fields = JSON.parse(text); const text = '';", "JSON.parse"],
		[
			"const fields = read(text); const read = JSON.parse, text = '';",
			"JSON.parse",
		],
		["export const send = (peer: Peer) => peer.socket.ping();", ".socket"],
		["export const send = ({ socket }: Peer) => socket.ping();", ".socket"],
		["export const send = ({ socket: s }: Peer) => s.ping();", ".socket"],
		["export const now = (parts: Parts) => parts.host.now();", ".host"],
		[
			"export const order = (a: string, b: string) => a.localeCompare(b);",
			".localeCompare",
		],
		["export async function apply() {}", "async"],
		["export const apply = async () => {};", "async"],
		["const applied = Promise.resolve();", "Promise"],
		["const folder = import.meta.url;", "import.meta"],
		["class World extends EventTarget {}", "EventTarget"],
		["const weak = new WeakRef({});", "WeakRef"],
		["console.log('applied');", "console"],
		["eval('1');", "eval"],
	])("%s is found", (text, name) => {
		expect(impuritiesIn(text)).toEqual([`${WORLD}/planted.ts:1 uses ${name}`]);
	});

	test.each([
		"const lengths = new Map<string, Date>(); export { lengths };",
		"interface Seen { readonly process: Buffer; now(): Date }",
		"export const size = Math.max(1, 2);",
		"export const text = JSON.stringify({ process: 1, Date: 2 });",
		"class Frames implements Iterable<Buffer> {}",
		"export function at(time: number) { return time; }",
	])("%s is none of it", (text) => {
		expect(impuritiesIn(text)).toEqual([]);
	});

	test("the line is told", () => {
		const text =
			"\nexport const a = 1;\n\n// When it came.\nconst at = Date.now();";
		expect(impuritiesIn(text)).toEqual([`${WORLD}/planted.ts:5 uses Date`]);
	});
});

describe("core/ knows no Node and no browser", () => {
	test("what it uses of them is handed in", () => {
		const files = sourcesIn(CORE);
		expect(files.flatMap((file) => impuritiesOf(CORE_PURITY, file))).toEqual(
			[],
		);
	});

	test.each([
		["const bytes = Buffer.from('a');", "Buffer"],
		["process.exit(1);", "process"],
		["const at = Date.now();", "Date"],
		["const at = new Date();", "Date"],
		["const luck = Math.random();", "Math.random"],
		["const timer = setTimeout(() => {}, 1);", "setTimeout"],
		["const bytes = new TextEncoder().encode('a');", "TextEncoder"],
		["const page = window.location;", "window"],
		["const file = __dirname;", "__dirname"],
	])("%s is found", (text, name) => {
		const file = `${CORE}/edge/planted.ts`;
		expect(impuritiesOf(CORE_PURITY, file, text)).toEqual([
			`${file}:1 uses ${name}`,
		]);
	});
});
