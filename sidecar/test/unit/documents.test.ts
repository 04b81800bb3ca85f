/** The help and the README, which follow the one table of settings. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultOf, usageOf } from "../../src/help.ts";
import { type Setting, variableOf } from "../../src/setting.ts";
import { SETTINGS } from "../../src/settings.ts";
import { printedBy } from "../support/command-line.ts";

const settings: Setting[] = Object.values(SETTINGS);
const help = await printedBy(["--help"]);

describe("--help", () => {
	it.each(settings)("tells all of --$flag", (setting) => {
		const text = help.replace(/\s+/g, " ");
		expect(text).toContain(` ${usageOf(setting)} ${setting.help}`);
		expect(text).toContain(` ${variableOf(setting)} `);
		expect(text).toContain(defaultOf(setting));
	});

	it("begins its parts in the order in which an operator meets them", () => {
		const parts = settings.flatMap(({ part }) => part ?? []);
		const headings = help.match(/^[A-Z].*(?=:$)/gm) ?? [];
		expect(headings.filter((one) => parts.includes(one))).toEqual(parts);
		expect(parts.length).toBeGreaterThan(5);
	});

	it("fits on a terminal", () => {
		const widths = help.split("\n").map((line) => line.length);
		expect(Math.max(...widths)).toBeLessThanOrEqual(100);
	});
});

describe("README.md", () => {
	it("has the table of settings as it is", () => {
		const readme = readFileSync(
			new URL("../../README.md", import.meta.url),
			"utf8",
		);
		const table = settings.map(rowOf).join("\n");
		expect(readme).toContain(`\n${table}\n`);
	});
});

function rowOf(setting: Setting): string {
	const text = setting.repeatable
		? `${setting.help} May be repeated.`
		: setting.help;
	const cells = [
		code(usageOf(setting)),
		code(variableOf(setting)),
		setting.defaultText ?? code(defaultOf(setting)),
		text,
	];
	return `| ${cells.join(" | ")} |`;
}

function code(text: string): string {
	return text && `\`${text}\``;
}
