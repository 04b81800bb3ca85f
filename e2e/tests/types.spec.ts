import { schemas } from "vite-plugin-matrix-gateway/messages";
import { drawNothing, expect, openWorld, snapshot, test } from "../fixtures.ts";
import { UNKNOWN_TYPE, VISUAL_TYPES } from "../visual-types.ts";

test("each documented type shows what is documented", async ({
	page,
	context,
	host,
	agent,
}) => {
	expect(VISUAL_TYPES.map(({ type }) => type).toSorted()).toEqual(
		Object.keys(schemas).toSorted(),
	);
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(error.message));
	await drawNothing(context);
	await openWorld(page, host.url);
	await agent("ada");
	const timmy = await agent("timmy");
	await expect
		.poll(async () => (await snapshot(page)).agents)
		.toMatchObject([{ agentId: "ada" }, { agentId: "timmy" }]);
	for (const { type, sent, shown } of [...VISUAL_TYPES, UNKNOWN_TYPE]) {
		for (const message of sent) timmy.send(message);
		await expect
			.poll(() => snapshot(page), { message: type, intervals: [20] })
			.toMatchObject(shown);
	}
	expect(errors).toEqual([]);
});
