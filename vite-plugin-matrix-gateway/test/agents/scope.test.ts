/** Which timers end with what has set them. */
import { setInterval as ticks, setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { createScope } from "../../src/agents/scope.ts";

/** Resolves after timers of so many milliseconds have had their turn. */
const later = () => wait(20);

test.each([
	["setTimeout", (tell: () => void) => void setTimeout(tell, 1)],
	["setInterval", (tell: () => void) => void setInterval(tell, 1)],
	["setImmediate", (tell: () => void) => void setImmediate(tell)],
	["a promise of a timer's", (tell: () => void) => void wait(1).then(tell)],
	[
		"an iterator of a timer's",
		async (tell: () => void) => {
			for await (const _ of ticks(1)) tell();
		},
	],
	[
		"a timer that another one sets",
		(tell: () => void) => void setImmediate(() => setTimeout(tell, 1)),
	],
])("%s ends with its scope", async (_, begin) => {
	const told: string[] = [];
	const scope = createScope();
	const other = createScope();
	other.run(() => begin(() => told.push("other")));
	scope.run(() => begin(() => told.push("ended")));
	scope.end();
	await later();
	expect(told[0]).toBe("other");
	expect(told).not.toContain("ended");
	other.end();
});

test("what is set after the end is cleared at once, and what was cleared is forgotten", async () => {
	const told: string[] = [];
	const scope = createScope();
	scope.run(() => clearTimeout(setTimeout(() => told.push("cleared"), 1)));
	scope.end();
	scope.run(() => setTimeout(() => told.push("late"), 1));
	await later();
	expect(told).toEqual([]);
});
