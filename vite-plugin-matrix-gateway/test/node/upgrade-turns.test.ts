import { expect, test } from "vitest";
import { waitForTurn } from "../../src/node/upgrade-turns.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("CON11 of upgrades that come at once eight are begun in a turn, in their order", async () => {
	await turn();
	const begun: number[] = [];
	const begin = async (number: number) => {
		await waitForTurn();
		begun.push(number);
	};
	const all = Array.from({ length: 20 }, (_, number) => begin(number));
	await Promise.resolve();
	const counts = [begun.length];
	// One that comes while others wait is behind them.
	all.push(begin(20));
	for (let n = 0; n < 3; n++) {
		await turn();
		counts.push(begun.length);
	}
	expect(counts).toEqual([8, 16, 21, 21]);
	await Promise.all(all);
	expect(begun).toEqual(Array.from({ length: 21 }, (_, number) => number));
});

test("CON11 one that comes alone is begun at once", async () => {
	await turn();
	await turn();
	expect(waitForTurn()).toBeUndefined();
});
