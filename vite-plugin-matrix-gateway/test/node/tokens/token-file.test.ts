/** A file of tokens that changes under who has it open. */
import {
	mkdirSync,
	renameSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import { digestOf } from "../../../src/node/token.ts";
import { LOOK_INTERVAL } from "../../../src/node/tokens/file-watch.ts";
import {
	openTokenFile,
	type TokensEvent,
} from "../../../src/node/tokens/token-file.ts";
import { until } from "../../support/until.ts";
import { createFolder } from "../order/support/data-folder.ts";

type Entry = Readonly<Record<string, unknown>>;

const entry = (name: string, more: object = {}): Entry => ({
	name,
	token: `${name}-s3cret`,
	...more,
});
const keyOf = (name: string) => digestOf(`${name}-s3cret`);
const textOf = (...entries: Entry[]) => JSON.stringify(entries);

function makeHolder() {
	const regranted: [key: string, grant: Grant | null][] = [];
	return {
		draining: false,
		regranted,
		regrant: (key: string, grant: Grant | null) =>
			void regranted.push([key, grant]),
	};
}

function arrange(text: string) {
	const path = join(createFolder(), "tokens.json");
	writeFileSync(path, text);
	return { path, ...openFor(path) };
}

function openFor(path: string, holder = makeHolder()) {
	const told: TokensEvent[] = [];
	const user = { holder, tell: (event: TokensEvent) => void told.push(event) };
	const { file, leave } = openTokenFile(path, user);
	onTestFinished(leave);
	const has = (name: string) => file.find(keyOf(name)) !== undefined;
	const untilTold = (count: number) =>
		until(
			() => told.length,
			(length) => length >= count,
		);
	return { file, leave, holder, told, has, untilTold };
}

/** How others put a new text in the place of the old one. */
const WAYS: readonly [string, (path: string, text: string) => void][] = [
	["written in its place", writeFileSync],
	[
		"replaced by another file",
		(path, text) => {
			writeFileSync(`${path}.new`, text);
			renameSync(`${path}.new`, path);
		},
	],
	[
		"removed and written anew",
		(path, text) => {
			rmSync(path);
			writeFileSync(path, text);
		},
	],
	[
		"written with its old size and time",
		(path, text) => {
			const before = new Date(1_000);
			utimesSync(path, before, before);
			writeFileSync(path, text);
			utimesSync(path, before, before);
		},
	],
];

describe("AUTH7 a change counts within a second where the file is", () => {
	test.each(WAYS)("%s", async (_way, write) => {
		const { path, has, holder, told, untilTold } = arrange(
			textOf(entry("anna"), entry("kate")),
		);
		write(path, textOf(entry("anna"), entry("mary")));
		await untilTold(1);
		expect([has("anna"), has("kate"), has("mary")]).toEqual([
			true,
			false,
			true,
		]);
		expect(holder.regranted).toEqual([[keyOf("kate"), null]]);
		expect(told).toEqual([
			{
				event: "tokens",
				file: path,
				entries: 2,
				added: 1,
				changed: 0,
				removed: 1,
			},
		]);
	});

	test("below a symbolic link that is turned, as Kubernetes does", async () => {
		const folder = createFolder();
		for (const [version, name] of [
			["v1", "anna"],
			["v2", "kate"],
		] as const) {
			mkdirSync(join(folder, version));
			writeFileSync(join(folder, version, "tokens.json"), textOf(entry(name)));
		}
		symlinkSync("v1", join(folder, "..data"));
		const path = join(folder, "tokens.json");
		symlinkSync("..data/tokens.json", path);
		const { has, untilTold } = openFor(path);
		expect(has("anna")).toBe(true);
		symlinkSync("v2", join(folder, "..new"));
		renameSync(join(folder, "..new"), join(folder, "..data"));
		await untilTold(1);
		expect([has("anna"), has("kate")]).toEqual([false, true]);
	});
});

test("AUTH7 a second has room for the look that finds a fault, and the one that tells of it", () => {
	expect(2 * LOOK_INTERVAL).toBeLessThan(1_000);
});

describe("what changes for whom", () => {
	test("AUTH7 nobody is touched whose grant is as it was, however it is written", async () => {
		const agents = ["anna"];
		const { path, holder, untilTold } = arrange(
			textOf(entry("anna", { agents }), entry("kate"), entry("mary")),
		);
		const anna = { sha256: keyOf("anna"), agents, name: "anna" };
		writeFileSync(
			path,
			JSON.stringify({
				tokens: [entry("mary", { retain: false }), anna, entry("kate")],
			}),
		);
		await untilTold(1);
		expect(holder.regranted).toEqual([
			[keyOf("mary"), { name: "mary", key: keyOf("mary"), retain: false }],
		]);
	});

	test("AUTH7 nobody is told of a change that changes nothing, unless the file was wrong", async () => {
		const { path } = arrange(textOf(entry("anna")));
		let looks = 0;
		const watching = {
			...makeHolder(),
			// It is asked at each look.
			get draining() {
				looks++;
				return false;
			},
		};
		const { told, untilTold } = openFor(path, watching);
		const same = JSON.stringify({ tokens: [entry("anna")] });
		writeFileSync(path, same);
		const before = looks;
		await until(
			() => looks - before,
			(count) => count > 2,
		);
		writeFileSync(path, "[");
		await untilTold(1);
		writeFileSync(path, same);
		await untilTold(2);
		const none = { added: 0, changed: 0, removed: 0, entries: 1 };
		expect(told).toMatchObject([{ reason: expect.any(String) }, none]);
		expect(told[1]).not.toHaveProperty("reason");
	});

	test("AUTH7 a gateway that cannot follow keeps no other one from it", async () => {
		const { path, holder, untilTold } = arrange(textOf(entry("anna")));
		const broken = {
			draining: false,
			regrant: () => {
				throw new Error("broken");
			},
		};
		onTestFinished(openTokenFile(path, { holder: broken }).leave);
		const second = openFor(path);
		writeFileSync(path, "[]");
		await untilTold(1);
		expect(holder.regranted).toHaveLength(1);
		expect(second.holder.regranted).toHaveLength(1);
	});
});

describe("a file that is wrong", () => {
	test("AUTH7 at the start is an error", () => {
		expect(() => arrange("[{]")).toThrow(/tokens\.json, line 1/);
		const none = join(createFolder(), "none.json");
		expect(() => openFor(none)).toThrow(`${none} cannot be read (ENOENT)`);
		expect(() => openFor(createFolder())).toThrow(
			/cannot be read \(it is no file\)/,
		);
	});

	test.each<[string, (path: string) => void, RegExp]>([
		[
			"is no JSON",
			(path) => writeFileSync(path, '[{"name": "anna-s3cret'),
			/line 1/,
		],
		[
			"is not UTF-8",
			(path) => writeFileSync(path, Buffer.from([0x22, 0xff])),
			/not UTF-8/,
		],
		["is gone", (path) => rmSync(path), /ENOENT/],
		[
			"is nested beyond measure",
			(path) => writeFileSync(path, "[".repeat(1e6)),
			/line 1|deep/,
		],
	])(
		"AUTH7 later keeps what was there, and is told once: one that %s",
		async (_what, spoil, why) => {
			const { path, has, holder, told, untilTold } = arrange(
				textOf(entry("anna")),
			);
			spoil(path);
			await untilTold(1);
			// The next thing that is told is the next change.
			writeFileSync(path, textOf(entry("kate")));
			await untilTold(2);
			expect(told).toMatchObject([
				{ event: "tokens", reason: expect.stringMatching(why), entries: 1 },
				{ event: "tokens", added: 1, removed: 1 },
			]);
			expect(JSON.stringify(told)).not.toContain("s3cret");
			expect(has("kate")).toBe(true);
			expect(holder.regranted).toEqual([[keyOf("anna"), null]]);
		},
	);

	test("AUTH7 of which nobody is told goes to standard error", async () => {
		const { path, leave } = arrange(textOf(entry("anna")));
		const written = vi.spyOn(console, "error").mockImplementation(() => {});
		onTestFinished(() => written.mockRestore());
		onTestFinished(openTokenFile(path, { holder: makeHolder() }).leave);
		leave();
		writeFileSync(path, "{}");
		await until(
			() => written.mock.calls.length,
			(count) => count > 0,
		);
		expect(written.mock.calls[0]?.[0]).toMatch(/keeps the tokens .*line 1/);
	});
});

describe("who has it open", () => {
	test("AUTH7 all have one watch, and a gateway that is there twice is asked once", async () => {
		const { path, file, holder, untilTold } = arrange(textOf(entry("anna")));
		const second = openFor(path, holder);
		expect(second.file).toBe(file);
		writeFileSync(path, "[]");
		await untilTold(1);
		expect(holder.regranted).toHaveLength(1);
	});

	test("AUTH7 nothing is looked at once all have left or end", async () => {
		const { path, file, leave, holder } = arrange(textOf(entry("anna")));
		const second = openFor(path);
		leave();
		second.holder.draining = true;
		// It is opened anew, and so is another one.
		await until(
			() => {
				const { file: next, leave } = openTokenFile(path, { holder });
				leave();
				return next !== file;
			},
			(isAnother) => isAnother,
		);
	});
});
