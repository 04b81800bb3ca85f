/** Words in an answer, by themselves. */
import { expect, test } from "vitest";
import { createBudget } from "../../src/mcp/tools/budget.ts";
import { takeWords } from "../../src/mcp/tools/words.ts";

const heard = (n: number, text: string) => ({
	...{ n, at: Date.now() },
	message: { type: "bark", text },
});

test("where not all have room, the next place is after the last one that was told", () => {
	const words = [
		heard(3, "a".repeat(100)),
		heard(7, "b".repeat(100)),
		heard(9, "c".repeat(100)),
	];
	const { items, next } = takeWords(words, 0, createBudget(350));
	expect(items).toMatchObject([
		{ message: { text: "a".repeat(100) } },
		{ message: { text: "b".repeat(100) } },
	]);
	expect(next).toEqual({ n: 7, offset: 0 });
});

test("one that is too long comes in parts, and those after it go on", () => {
	const long = heard(3, "a".repeat(500));
	const json = JSON.stringify(long.message);
	let told = "";
	let offset = 0;
	for (let calls = 0; ; calls++) {
		expect(calls).toBeLessThan(20);
		const { items, next } = takeWords(
			[long, heard(4, "b")],
			offset,
			createBudget(200),
		);
		told += (items[0] as { part: string }).part;
		if (next?.offset === 0 || !next) break;
		expect(next.n).toBe(2);
		offset = next.offset;
	}
	expect(told).toBe(json);
});
