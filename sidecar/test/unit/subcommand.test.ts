/** Subcommands beside `serve`, with one that is made up. */
import { describe, expect, it } from "vitest";
import { count } from "../../src/kinds/numbers.ts";
import { toggle, token } from "../../src/kinds/words.ts";
import { Subcommand } from "../../src/subcommand.ts";
import { printedBy, problemOf, readServe } from "../support/command-line.ts";

describe("serve", () => {
	it("may be named, and is what is done without its name", async () => {
		const args = ["--port=1", "--echo"];
		expect(await readServe(["serve", ...args])).toEqual(await readServe(args));
	});

	it("tells no variable of another subcommand from its own", async () => {
		const environment = { MATRIX_GATEWAY_TIMES: "1", MATRIX_GATEWAY_TIME: "1" };
		expect(await readServe([], environment, [createDig()])).toMatchObject({
			unknownVariables: ["MATRIX_GATEWAY_TIME"],
		});
	});
});

describe("another subcommand", () => {
	it.each([
		[["dig", "north"], { word: "north" }],
		[["dig", "north", "--deep", "--times", "3"], { deep: true, times: 3 }],
		[["dig", "--no-deep", "north"], { word: "north", deep: false }],
		[["dig", "--", "-north"], { word: "-north" }],
		[["dig", "--times=3", "--", "--deep=1"], { word: "--deep=1", times: 3 }],
		[["dig", "serve"], { word: "serve" }],
	])("gets its arguments and flags: %j", async (args, dug) => {
		expect(await digWith(args)).toMatchObject(dug);
	});

	it("has variables too", async () => {
		const environment = { MATRIX_GATEWAY_TIMES: "4" };
		expect(await digWith(["dig", "x"], environment)).toMatchObject({
			times: 4,
		});
		const flag = ["dig", "x", "--times=5"];
		expect(await digWith(flag, environment)).toMatchObject({ times: 5 });
	});

	it.each([
		[["dig"], "dig needs <word>; see matrix-gateway dig --help"],
		[["dig", "x", "--port=1"], 'unknown flag "--port"'],
		[["dig", "x", "--time=1"], 'unknown flag "--time"; did you mean --times?'],
		[["dig", "x", "--times=-1"], '--times: "-1" is not a whole number'],
		[["dig", "x", "--times"], "--times needs a value"],
		[["dig", "x", "s3cret"], "argument 3 is not a flag"],
		[["dig", "x", "x"], "argument 3 is not a flag"],
		[["dig", "x", "--key=s3cret key"], "--key: the value is not"],
		[["dig", "x", "--key", "--s3cret"], "--key needs a value"],
		[["dig", "x", "--deep=s3cret"], "--deep: "],
		[["--port=1", "dig", "x"], "argument 2 is a subcommand, which has to come"],
		[["serve", "dig"], "argument 2 is a subcommand, which has to come first"],
	])("%j is a mistake", async (args, problem) => {
		const said = await problemOf(args, {}, [createDig()]);
		expect(said).toContain(problem);
		expect(said).not.toContain("\n");
	});
});

describe("an unknown subcommand", () => {
	it.each([
		[["dog"], "argument 1 is not a flag, nor a subcommand; did you mean dig?"],
		[
			["hepl"],
			"argument 1 is not a flag, nor a subcommand; did you mean help?",
		],
		[
			["help", "srve"],
			"argument 2 is not a flag, nor a subcommand; did you mean serve?",
		],
		[["dog", "--port=s3cret"], "did you mean dig?"],
		[["s3cret"], "argument 1 is not a flag, nor a subcommand; see --help"],
		[["__proto__"], "argument 1 is not a flag, nor a subcommand; see --help"],
		[["constructor"], "argument 1 is not a flag, nor a subcommand; see --help"],
		[[""], "argument 1 is not a flag, nor a subcommand; see --help"],
		[["x'\n(Did you mean s3cret?)"], "nor a subcommand; see --help"],
	])(
		"is told on one line, with the nearest there is: %j",
		async (args, problem) => {
			const said = await problemOf(args, {}, [createDig()]);
			expect(said).toContain(problem);
			expect(said).not.toMatch(/s3cret|\n/);
		},
	);
});

describe("help", () => {
	it("of the program is that of serve, with all subcommands", async () => {
		const help = await helpOf(["--help"]);
		expect(help).toMatch(/^Usage: matrix-gateway \[serve\] \[flags\]\n/);
		expect(help).toMatch(/^Subcommands:\n {2}serve .*\n {2}dig .*\n {2}help /m);
		for (const args of [
			["help"],
			["help", "serve"],
			["serve", "--help"],
			["help", "help"],
		])
			expect(await helpOf(args)).toBe(help);
	});

	it("of another subcommand has its own flags alone", async () => {
		const help = await helpOf(["help", "dig"]);
		expect(help).toMatch(/^Usage: matrix-gateway dig \[flags\] <word>\n/);
		expect(help).toMatch(
			/^ {2}--times <number> .*Default: 1\.\n +MATRIX_GATEWAY_TIMES\n/m,
		);
		expect(help).not.toMatch(/--port|Subcommands:/);
		expect(await helpOf(["dig", "--help"])).toBe(help);
		expect(await helpOf(["dig", "x", "--times=x", "--help"])).toBe(help);
	});
});

function helpOf(args: readonly string[]): Promise<string> {
	return printedBy(args, {}, [createDig()]);
}

async function digWith(
	args: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
	const dug: unknown[] = [];
	await printedBy(args, environment, [createDig((what) => dug.push(what))]);
	expect(dug).toHaveLength(1);
	return dug[0];
}

function createDig(onDug: (what: object) => void = () => {}): Subcommand {
	const dig = new Subcommand("dig")
		.description("Digs a hole.")
		.argument("<word>", "where")
		.addSettings({
			times: { flag: "times", kind: count, default: 1, help: "How often." },
			deep: { flag: "deep", kind: toggle, help: "Deeper." },
			key: { flag: "key", kind: token, secret: true, help: "Opens it." },
		});
	return dig.action((word) => onDug({ word, ...dig.readSettings() }));
}
