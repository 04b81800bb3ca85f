import {
	expect,
	leaveBlank,
	openWorld,
	picture,
	snapshot,
	test,
} from "../fixtures.ts";

test("a hundred agents take few more draws than two, and more than there is room for are told", {
	tag: "@dev",
}, async ({ page, context, host, agent }) => {
	test.slow();
	await leaveBlank(context);
	await openWorld(page, host.url);
	const fill = async (from: number, to: number) => {
		const numbers = Array.from({ length: to - from }, (_, i) => from + i);
		await Promise.all(numbers.map((number) => agent(`agent-${number}`)));
		await expect
			.poll(async () => (await snapshot(page)).roster.length)
			.toBe(to);
	};
	const drawn = async () => (await picture(page)).agents.length;
	await fill(0, 2);
	await expect.poll(drawn).toBe(2);
	const few = (await picture(page)).drawCalls;
	await fill(2, 100);
	await expect.poll(drawn).toBe(100);
	const many = (await picture(page)).drawCalls;
	expect(many).toBeLessThanOrEqual(2 * few);
	await expect(page.locator("#world .left-out")).toBeHidden();
	await fill(100, 130);
	await expect(page.locator("#world .left-out")).toHaveText(
		"128 of 130 agents shown",
	);
	expect(await drawn()).toBe(128);
});
