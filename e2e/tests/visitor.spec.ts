/** What a visitor reads and touches around the world, in each state of the connection. */
import type { Page } from "@playwright/test";
import { connectAgent } from "../agent.ts";
import { cuttable } from "../cuttable.ts";
import {
	drawNothing,
	expect,
	expectConnection,
	openWorld,
	snapshot,
	test,
} from "../fixtures.ts";
import {
	expectAboveKeyboard,
	expectAccessible,
	expectOrder,
} from "../page-checks.ts";

const TOKEN = "open+sesame/==";

const TOUCHED = [
	[1024, 1366],
	[1366, 1024],
	[844, 390],
	[390, 844],
] as const;

// What is drawn is not what these are about, and the one page is the same on every host.
test.beforeEach(({ context }) => drawNothing(context));

test("offline keeps the world, counts down, marks what was not sent, and comes back by `Try now`", {
	tag: "@sidecar",
}, async ({ page, host, agent }) => {
	const way = await cuttable(host.port);
	const timmy = await agent("timmy");
	timmy.send({ type: "scene_add", id: "tree", kind: "cone" });
	await openWorld(page, way.url);
	await expect(page.getByTestId("roster")).toContainText("timmy");
	way.cut();
	const notice = page.getByTestId("notice");
	await expect(notice).toContainText("The connection was lost");
	await expect(notice).toContainText(/Trying (again in \d+ s|now)/);
	await expect(page.locator("body")).toHaveClass(/stale/);
	await say(page, "Is anybody there?");
	const line = page.getByTestId("activity").locator("li", {
		hasText: "Is anybody there?",
	});
	await expect(line).toContainText("Not sent yet");
	const { roster, objects } = await snapshot(page);
	expect(roster).toMatchObject([{ agentId: "timmy" }]);
	expect(objects).toMatchObject([{ id: "tree" }]);
	await expectAccessible(page);
	way.mend();
	// A try that is on its way already does what the button is for.
	await page.getByRole("button", { name: "Try now" }).press("Enter");
	await expectConnection(page, "online");
	expect(await timmy.next("visitor_message")).toMatchObject({
		text: "Is anybody there?",
	});
	await expect(line).not.toContainText("Not sent");
	await expect(notice).toBeHidden();
	await expect(page.locator("body")).not.toHaveClass(/stale/);
	await expect(page.getByTestId("activity")).toContainText("is missing here");
	await way.close();
});

test("a restart says so, and nobody vanishes from the picture meanwhile", {
	tag: "@sidecar",
}, async ({ page, start }) => {
	await page.emulateMedia({ reducedMotion: "reduce" });
	const first = await start();
	const timmy = await connectAgent(first.gatewayUrl, "timmy");
	await openWorld(page, first.url);
	await first.stop();
	await timmy.closed;
	await expect(page.getByTestId("notice")).toContainText(/The world is/);
	await expect(page.getByTestId("notice")).toContainText("as it was at");
	const endless = await page.evaluate(() =>
		document
			.getAnimations()
			.filter(({ effect }) => effect?.getTiming().iterations !== 1)
			.map((animation) => `${animation}`),
	);
	expect(endless).toEqual([]);
	expect((await snapshot(page)).roster).toMatchObject([{ agentId: "timmy" }]);
	await start({ port: first.port });
	await expectConnection(page, "online");
	await expect(page.getByTestId("notice")).toBeHidden();
});

test("a world with a token has a field for it, which a reload does not ask for again", {
	tag: "@sidecar",
}, async ({ page, start }) => {
	const host = await start({ environment: { MATRIX_GATEWAY_TOKEN: TOKEN } });
	await page.goto(host.url);
	const notice = page.getByTestId("notice");
	await expect(notice).toContainText("This world asks for a token");
	await expectAccessible(page);
	// The field has the focus already.
	await page.keyboard.type("something else");
	await page.keyboard.press("Enter");
	await expect(notice).toContainText("That token is not valid here");
	await say(page, "Hello?");
	await expect(page.getByTestId("chat-input")).toHaveValue("Hello?");
	await page.getByLabel("Token").fill(TOKEN);
	await page.getByRole("button", { name: "Come in" }).click();
	await expectConnection(page, "online");
	await page.reload();
	await expectConnection(page, "online");
	expect(page.url()).not.toContain("sesame");
	const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
	expect(kept).not.toContain("sesame");
});

test("an agent that is open in another tab can be taken over, and its session is resumed", {
	tag: "@sidecar",
}, async ({ page, context, host }) => {
	const way = await cuttable(host.port);
	await openWorld(page, `${way.url}?as=ada`);
	const other = await context.newPage();
	await openWorld(other, `${host.url}?as=ada`);
	const notice = page.getByTestId("notice");
	await expect(notice).toContainText("ada is open in another tab. Take over?");
	expect((await snapshot(page)).roster).toMatchObject([{ agentId: "ada" }]);
	await page.getByRole("button", { name: "Take over" }).click();
	await expectConnection(page, "online");
	await expectConnection(other, "refused");
	expect((await snapshot(page)).roster).toMatchObject([{ agentId: "ada" }]);
	// Returns between two frames are told as one.
	const activity = page.getByTestId("activity");
	await expect(activity).toContainText("is missing here");
	way.cut();
	await expectConnection(page, "offline");
	way.mend();
	await expectConnection(page, "online");
	await expect(activity).toContainText("Nothing was missed");
	await way.close();
});

test("a page whose files are missing says so; an empty world says how to let the first agent in", {
	tag: "@sidecar",
}, async ({ page, host }) => {
	await page.route("**/assets/*.js", (route) => route.abort());
	await page.goto(host.url);
	await expect(page.getByTestId("notice")).toContainText(
		"This page did not load completely",
	);
	await expect(page.getByTestId("connection")).toContainText("Not loaded");
	await page.unroute("**/assets/*.js");
	await page.getByRole("button", { name: "Load again" }).click();
	await expectConnection(page, "online");
	const welcome = page.getByTestId("welcome");
	await expect(welcome).toContainText(host.gatewayUrl);
	await expectAccessible(page);
	await welcome.getByRole("link").press("Enter");
	await expectConnection(page, "online");
	await expect(page.getByTestId("roster")).toContainText("guest-");
	await expect(welcome).toBeHidden();
});

test("what happened while the tab slept is summed up, and shown where it begins", {
	tag: "@sidecar",
}, async ({ page, host, agent }) => {
	const way = await cuttable(host.port);
	await page.clock.install();
	await openWorld(page, way.url);
	// The page goes on hearing, but draws nothing.
	const now = await page.evaluate(() => Date.now());
	await page.clock.pauseAt(now + 10_000);
	const ada = await agent("ada");
	for (let n = 0; n < 100; n++)
		ada.send({ type: "chat_message", agentId: "ada", text: `line ${n}` });
	await expect
		.poll(async () => (await snapshot(page)).activity.length)
		.toBe(101);
	way.cut();
	await expectConnection(page, "offline");
	way.mend();
	await page.clock.fastForward("12:00");
	await page.clock.resume();
	const toast = page.getByTestId("toast");
	await expect(toast).toContainText("While you were away (12 min)");
	await expect(toast).toContainText(
		/ada came · 101 lines of activity · what was said from .+ on is missing here/,
	);
	await toast.getByRole("button", { name: "Show" }).click();
	const note = page.locator(".activity .note");
	await expect(note).toBeInViewport();
	await expect(page.getByTestId("activity")).toContainText("line 0");
	await way.close();
});

test("by keyboard: the roster keeps its focus when others come and go, and an agent is followed", {
	tag: "@sidecar",
}, async ({ page, host, agent }) => {
	await page.setViewportSize({ width: 1280, height: 800 });
	const [ada, timmy] = [await agent("ada"), await agent("timmy")];
	timmy.send({
		...{ type: "agent_state", agentId: "timmy", state: "working" },
		current_task: "watering",
	});
	await openWorld(page, host.url);
	const row = (name: string) =>
		page.getByTestId("roster").getByRole("button", { name });
	await row("timmy").focus();
	const grace = await agent("grace");
	await expect(row("grace")).toBeVisible();
	await ada.close();
	await expect(row("ada")).toHaveCount(0);
	await expect(row("timmy")).toBeFocused();
	await page.keyboard.press("Enter");
	const card = page.getByTestId("card");
	await expect(row("timmy")).toHaveAttribute("aria-pressed", "true");
	timmy.send({ type: "bark", agentId: "timmy", text: "The oak is thirsty" });
	for (const words of ["timmy", "working", "watering", "The oak is thirsty"])
		await expect(card).toContainText(words);
	await expectAccessible(page);
	await page.keyboard.press("Escape");
	await expect(card).toBeHidden();
	await expect(row("timmy")).toBeFocused();
	// Of a row that is gone its neighbour has the focus.
	await timmy.close();
	await expect(row("grace")).toBeFocused();
	await grace.close();
});

test("with 12 agents no panel lies over another at any size, targets are large enough, and names are there", {
	tag: "@sidecar",
}, async ({ browser, host, agent }) => {
	for (let n = 0; n < 12; n++) await agent(`agent-${n}`);
	for (const isTouched of [false, true]) {
		const context = await browser.newContext({
			hasTouch: isTouched,
			isMobile: isTouched,
		});
		await drawNothing(context);
		const page = await context.newPage();
		await openWorld(page, host.url);
		await expect(page.getByTestId("roster")).toContainText("agent-11");
		for (const [width, height] of isTouched ? TOUCHED : [[1280, 800]]) {
			await page.setViewportSize({ width, height });
			await expectRosterAndCard(page, isTouched ? 44 : 24);
		}
		if (isTouched) await expectAboveKeyboard(page);
		await context.close();
	}
});

/** With the lists as they are, with the roster open, and with the card of one of its agents. */
async function expectRosterAndCard(page: Page, least: number): Promise<void> {
	await expectOrder(page, least);
	// Folded away it is read out all the same.
	await expect(page.getByRole("log")).toHaveCount(1);
	const tab = page.locator('.tabs [data-panel="roster"]');
	const isFolded = await tab.isVisible();
	if (isFolded) await tab.click();
	const row = page.getByTestId("roster").getByText("agent-11");
	await row.scrollIntoViewIfNeeded();
	await expectOrder(page, least);
	if (isFolded) await expectAccessible(page);
	await row.click();
	await expect(page.getByTestId("card")).toContainText("agent-11");
	await expectOrder(page, least);
	await page.keyboard.press("Escape");
	await expect(page.getByTestId("card")).toBeHidden();
}

async function say(page: Page, text: string): Promise<void> {
	await page.getByTestId("chat-input").fill(text);
	await page.getByTestId("chat-send").click();
}
