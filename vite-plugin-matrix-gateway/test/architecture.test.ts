/** ARCHITECTURE.md names files: they exist, and each imports what comes after it on the way, or is told of it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SOURCE = join(ROOT, "vite-plugin-matrix-gateway/src");
const TEXT = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");

const filesIn = (text: string) =>
	[...text.matchAll(/`((?:core|vite)\/[\w/-]+\.ts)`/g)].map(
		([, file = ""]) => file,
	);

/** The ways, each with its files in order. */
const WAYS = new Map(
	[...TEXT.matchAll(/^(A (?:broadcast|directed|resume)[\s\S]*?)\n\n/gm)].map(
		([, text = ""]) => [text.split("\n", 1)[0] ?? "", filesIn(text)],
	),
);

const STOREYS = ["core/edge", "core/order", "core/world"];
const storeyOf = (file: string) =>
	STOREYS.find((storey) => file.startsWith(`${storey}/`));

describe("ARCHITECTURE.md", () => {
	test("the files that it names are there", () => {
		const named = filesIn(TEXT);
		expect(named.length).toBeGreaterThan(30);
		expect(named.filter((file) => !existsSync(join(SOURCE, file)))).toEqual([]);
	});

	test("it has the ways of a broadcast, a directed message and a resume", () => {
		expect(WAYS.size).toBe(3);
		for (const files of WAYS.values()) expect(files.length).toBeGreaterThan(6);
	});

	test.each([...WAYS])(
		"%s goes in at the edge, once through order and world, and out at the edge",
		(_, files) => {
			const storeys = files.flatMap((file) => storeyOf(file) ?? []);
			const entered = storeys.filter(
				(storey, index) => storey !== storeys[index - 1],
			);
			// The shape of a command is the world's, and told of where it is made.
			const way = entered
				.join(" ")
				.replace("core/edge core/world core/order", "core/edge core/order");
			expect(way).toBe("core/edge core/order core/world core/edge");
		},
	);

	test("each file of the world that applies a command is named, or is of one that no way shows", () => {
		const world = readdirSync(join(SOURCE, "core/world"));
		const applying = world.filter((file) =>
			/export function apply\w+\(/.test(
				readFileSync(join(SOURCE, "core/world", file), "utf8"),
			),
		);
		const named = filesIn(TEXT).map((file) => file.slice("core/world/".length));
		const others = ["leave.ts", "ping.ts", "refuse.ts"];
		expect(applying.filter((file) => !named.includes(file))).toEqual(others);
	});
});
