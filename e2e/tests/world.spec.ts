import { drawNothing, expect, openWorld, snapshot, test } from "../fixtures.ts";

test("a page shows who is here and what they do", async ({
	page,
	host,
	agent,
}) => {
	await openWorld(page, host.url);
	const timmy = await agent("timmy", "bridge");
	await expect(page.getByTestId("roster")).toContainText("timmy");
	timmy.send({ type: "agent_state", agentId: "timmy", state: "working" });
	timmy.send({
		type: "agent_move",
		agentId: "timmy",
		position: { x: 2, y: 0, z: 1 },
	});
	timmy.send({ type: "bark", agentId: "timmy", text: "Good morning" });
	timmy.send({ type: "scene_add", id: "tree", kind: "cone", color: "#3a7" });
	timmy.send({ type: "zone_add", id: "garden", position: { x: 4, z: 4 } });
	await expect
		.poll(async () => {
			const { agents, objects, zones } = await snapshot(page);
			return { agents, objects, zones };
		})
		.toMatchObject({
			agents: [
				{
					agentId: "timmy",
					state: "working",
					target: { x: 2, y: 0, z: 1 },
					bubble: { text: "Good morning" },
				},
			],
			objects: [{ id: "tree" }],
			zones: [{ id: "garden" }],
		});
	await timmy.close();
	await expect(page.getByTestId("roster")).not.toContainText("timmy");
});

test("what a visitor says reaches every agent and every other page", async ({
	page,
	context,
	host,
	agent,
}) => {
	await drawNothing(context);
	const timmy = await agent("timmy");
	const other = await context.newPage();
	await openWorld(other, host.url);
	await openWorld(page, host.url);
	await page.getByTestId("chat-input").fill("Hello from a <b>page</b>");
	await page.getByTestId("chat-send").click();
	expect(await timmy.next("visitor_message")).toMatchObject({
		text: "Hello from a <b>page</b>",
		timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
	});
	for (const each of [page, other])
		await expect(each.getByTestId("activity")).toContainText(
			"Hello from a <b>page</b>",
		);
});

test("many pages see the same, and a directed message none of them", async ({
	context,
	host,
	agent,
}) => {
	await drawNothing(context);
	const pages = await Promise.all([1, 2, 3].map(() => context.newPage()));
	for (const page of pages) await openWorld(page, host.url);
	const timmy = await agent("timmy");
	const ada = await agent("ada");
	const secret = { type: "agent_message", agentId: "timmy", text: "psst" };
	timmy.send({ ...secret, target_id: "ada" });
	timmy.send({ type: "agent_message", agentId: "timmy", text: "all of you" });
	expect(await ada.next("agent_message")).toMatchObject({ text: "psst" });
	for (const page of pages) {
		await expect(page.getByTestId("activity")).toContainText("all of you");
		await expect(page.getByTestId("activity")).not.toContainText("psst");
		const { roster } = await snapshot(page);
		expect(roster.map(({ agentId }) => agentId)).toEqual(["ada", "timmy"]);
	}
});
