import { schemas } from "vite-plugin-matrix-gateway/messages";
import { type Agent, connectAgent } from "../agent.ts";
import { cuttable } from "../cuttable.ts";
import { DOCUMENTED, sayAll } from "../documented.ts";
import {
	drawNothing,
	expect,
	expectConnection,
	openWorld,
	snapshot,
	test,
} from "../fixtures.ts";
import { scene } from "../scene.ts";

test.beforeEach(({ context }) => drawNothing(context));

/** Speaks numbers, one every few milliseconds, until it is told to stop. */
function count(agent: Agent, agentId: string) {
	let n = 0;
	const say = () =>
		agent.send({ type: "chat_message", agentId, text: String(n++) });
	const timer = setInterval(say, 10);
	return {
		stop(): string[] {
			clearInterval(timer);
			return Array.from({ length: n }, (_, index) => String(index));
		},
	};
}

test("a page shows each documented type as documented, and one that is opened late the same", async ({
	page,
	context,
	host,
	agent,
}) => {
	const types = DOCUMENTED.map(({ message }) => message.type);
	expect(new Set(types)).toEqual(new Set(Object.keys(schemas)));
	await openWorld(page, host.url);
	const timmy = await agent("timmy", "mind");
	const ada = await agent("ada");
	await expect(page.getByTestId("roster")).toContainText("ada");
	await sayAll({ ada, timmy }, () => snapshot(page));
	const late = await context.newPage();
	await openWorld(late, host.url);
	await expect.poll(() => scene(late)).toEqual(await scene(page));
});

test("a page that is reloaded shows the same world, and no message is lost", async ({
	page,
	host,
	agent,
}) => {
	// What the page has received by its end: nothing can come between that and the client's own note.
	await page.addInitScript(() => {
		addEventListener("pagehide", () => {
			const seen = JSON.parse(sessionStorage.getItem("seen") ?? "[]");
			seen.push(...window.matrixWorld.snapshot().received);
			sessionStorage.setItem("seen", JSON.stringify(seen));
		});
	});
	const timmy = await agent("timmy");
	timmy.send({ type: "scene_add", id: "tree", kind: "cone" });
	await openWorld(page, `${host.url}?as=ada`);
	const before = await scene(page);
	const counting = count(timmy, "timmy");
	for (let reload = 0; reload < 2; reload++) {
		await expect
			.poll(async () => (await snapshot(page)).received.length)
			.toBeGreaterThan(10);
		await page.reload();
		await expectConnection(page, "online");
	}
	const spoken = counting.stop();
	const all = () =>
		page.evaluate(() => [
			...JSON.parse(sessionStorage.getItem("seen") ?? "[]"),
			...window.matrixWorld.snapshot().received,
		]);
	await expect.poll(async () => (await all()).length).toBe(spoken.length);
	expect(await all()).toEqual(spoken);
	expect(await scene(page)).toEqual(before);
	timmy.send({ type: "ping" });
	await timmy.next("pong");
	expect(timmy.waiting("agent_left")).toEqual([]);
	expect(timmy.waiting("agent_joined")).toMatchObject([
		{ agentId: "timmy" },
		{ agentId: "ada" },
	]);
});

test("a lid that closes and opens again is seen by nobody, and nothing is lost", {
	// In vite dev Vite's own client reloads a page that has lost it.
	tag: "@built",
}, async ({ page, context, host }) => {
	const way = await cuttable(host.port);
	const timmy = await connectAgent(host.gatewayUrl, "timmy");
	try {
		await openWorld(page, `${way.url}?as=ada`);
		const devtools = await context.newCDPSession(page);
		const counting = count(timmy, "timmy");
		await expect
			.poll(async () => (await snapshot(page)).received.length)
			.toBeGreaterThan(10);
		await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
		way.cut();
		await expect
			.poll(async () => {
				const status = await page.request.get(
					`http://localhost:${host.port}/api/gateway/status`,
				);
				return (await status.json()).agents.map(
					({ state }: { state: string }) => state,
				);
			})
			.toEqual(["online", "detached"]);
		way.mend();
		await devtools.send("Page.setWebLifecycleState", { state: "active" });
		await expectConnection(page, "online");
		const spoken = counting.stop();
		await expect
			.poll(async () => (await snapshot(page)).received)
			.toEqual(spoken);
		timmy.send({ type: "ping" });
		await timmy.next("pong");
		expect(timmy.waiting("agent_left")).toEqual([]);
		expect(timmy.waiting("agent_joined")).toHaveLength(2);
	} finally {
		await timmy.close();
		await way.close();
	}
});
