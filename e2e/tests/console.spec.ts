/** The operator's console, in a real browser. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { connectAgent } from "../agent.ts";
import { expect, test } from "../fixtures.ts";
import { operatedFlags } from "../operated.ts";

test.use({ viewport: { width: 1280, height: 800 } });

/** What the page was not to do: an error, or what its own policy forbids. */
function watchErrors(page: Page): string[] {
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(error.message));
	page.on("console", (message) => {
		if (message.type() === "error") errors.push(message.text());
	});
	return errors;
}

const row = (page: Page, list: string, text: string) =>
	page
		.getByRole("grid", { name: list })
		.getByRole("row")
		.filter({ hasText: text });

async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	const grave = violations.filter(({ impact }) =>
		["serious", "critical"].includes(impact ?? ""),
	);
	expect(
		grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
	).toEqual([]);
}

test("@dev it shows who is connected and what is said, sends and disconnects, all by keys", async ({
	page,
	host,
	agent,
}) => {
	const errors = watchErrors(page);
	const timmy = await agent("timmy", "mind");
	await agent("ada");
	await page.goto(`${host.url}__matrix/`);
	await expect(row(page, "Connections", "timmy")).toContainText("online");
	await page.getByLabel("Filter connections").fill("mind");
	await expect(row(page, "Connections", "ada")).toHaveCount(0);

	await page.getByRole("tab", { name: "Now" }).focus();
	await page.keyboard.press("ArrowRight");
	await expect(page.getByText("The tap is open")).toBeVisible();
	timmy.send({ type: "bark", text: "<b>hello</b>" });
	timmy.send({ type: "agent_message", target_id: "ada", text: "between us" });
	await expect(row(page, "Messages", "between us")).toContainText("ada");
	const messages = page.getByRole("grid", { name: "Messages" });
	await messages.focus();
	await page.keyboard.press("Home");
	await page.keyboard.press("Enter");
	const detail = page.getByLabel("The chosen message");
	await expect(detail).toContainText("<b>hello</b>");
	await detail.getByRole("button", { name: "As a test" }).press("Enter");
	await expect(detail).toContainText("vite-plugin-matrix-gateway/testing");
	await detail.getByRole("button", { name: "Close" }).press("Enter");

	await page.getByRole("button", { name: "Pause" }).press("Enter");
	timmy.send({ type: "bark", text: "later" });
	const goOn = page.getByRole("button", { name: "Go on (1 new)" });
	await expect(row(page, "Messages", "later")).toHaveCount(0);
	await goOn.press("Enter");
	await expect(row(page, "Messages", "later")).toHaveCount(1);
	await page.getByLabel("Type", { exact: true }).fill("agent_*");
	await expect(row(page, "Messages", "later")).toHaveCount(0);
	await expect(row(page, "Messages", "between us")).toHaveCount(1);

	await page.getByRole("tab", { name: "Tap" }).press("ArrowRight");
	await expect(page.getByText("of 5")).toBeHidden();
	await page.getByRole("button", { name: "Read again" }).press("Enter");
	await expect(page.getByLabel("Agents then")).toContainText("timmy");

	await page.getByRole("tab", { name: "Time" }).press("ArrowRight");
	await page.getByLabel("text needed").fill("By hand");
	await page.getByRole("button", { name: "Send to" }).press("Enter");
	await expect(page.getByText("it has its place")).toBeVisible();
	expect(await timmy.next("bark")).toMatchObject({ text: "By hand" });
	await page.getByLabel("Agent", { exact: true }).fill("timmy");
	await page.keyboard.press("Enter");
	await page
		.getByRole("dialog")
		.getByRole("button", { name: "Disconnect" })
		.press("Enter");
	expect(await timmy.closed).toBe(4003);
	expect(errors).toEqual([]);
});

test("@dev no serious violation of accessibility, in light and in dark", async ({
	page,
	host,
	agent,
}) => {
	// Each look takes seconds where the machine has something else to do.
	test.setTimeout(150_000);
	const timmy = await agent("timmy");
	await page.goto(`${host.url}__matrix/`);
	for (const [colorScheme, names] of [
		["light", ["Now"]],
		["dark", ["Time", "Act", "Tap"]],
	] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		for (const name of names) {
			await page.getByRole("tab", { name }).click();
			if (name === "Tap") {
				await expect(page.getByText("The tap is open")).toBeVisible();
				timmy.send({ type: "bark", text: "seen" });
				timmy.send({ type: "gateway_hello" });
				await row(page, "Messages", "seen").last().click();
			}
			if (name === "Act")
				await expect(page.getByLabel("emotion")).toBeVisible();
			await expectAccessible(page);
		}
	}
});

test("@dev no view is wider than its window", async ({ page, host, agent }) => {
	await agent("timmy-with-a-name-that-is-rather-long-for-a-phone");
	for (const [width, height] of [
		...([
			[1280, 800],
			[1024, 1366],
			[1366, 1024],
		] as const),
		...([
			[844, 390],
			[390, 844],
		] as const),
	]) {
		await page.setViewportSize({ width, height });
		for (const view of ["now", "tap", "time", "act"]) {
			await page.goto(`${host.url}__matrix/#${view}`);
			await expect(page.getByRole("tabpanel")).not.toBeEmpty();
			const wide = await page.evaluate(() =>
				[document.documentElement, document.querySelector("main")].map(
					(element) => (element?.scrollWidth ?? 0) - innerWidth,
				),
			);
			expect(
				Math.max(...wide),
				`${view} at ${width}×${height}`,
			).toBeLessThanOrEqual(0);
		}
	}
});

test("@dev five thousand connections are sorted, filtered and scrolled without a long task", async ({
	page,
	host,
}) => {
	await page.route("**/__matrix/api/now*", async (route) => {
		const response = await route.fetch();
		const report = await response.json();
		const now = report.at;
		report.rows = Array.from({ length: 5_000 }, (_, index) => [
			...[`c${index}`, "agent", [[`agent-${index}`, "scout"]], null, null],
			...[now - index * 1_000, now, (now + index) % 9_999, 0, 0, 0, 0, null],
		]);
		await route.fulfill({ response, json: report });
	});
	await page.addInitScript(() => {
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries())
				longest = Math.max(longest, duration);
		}).observe({ type: "longtask" });
		let longest = 0;
		Object.assign(window, { longestTask: () => longest });
	});
	await page.goto(`${host.url}__matrix/`);
	const people = page.getByRole("grid", { name: "Connections" });
	await expect(people).toHaveAttribute("aria-rowcount", "5001");
	for (const name of ["In", "Who", "Since"])
		await page.getByRole("button", { name, exact: true }).click();
	await people.focus();
	for (const key of ["End", "PageUp", "Home", "PageDown"])
		await page.keyboard.press(key);
	expect(await people.getByRole("row").count()).toBeLessThan(80);
	await page.getByLabel("Filter connections").fill("agent-4999");
	await expect(people).toHaveAttribute("aria-rowcount", "2");
	const longest = await page.evaluate("longestTask()");
	expect(longest).toBeLessThan(200);
});

test("@sidecar it asks for a token that may operate, and shows what is for one to who may overhear", async ({
	page,
	start,
}) => {
	const host = await start({ flags: operatedFlags() });
	const timmy = await connectAgent(
		`${host.gatewayUrl}?token=agent-token`,
		"timmy",
	);
	await page.goto(`${host.url}__matrix/#tap`);
	const signIn = async (token: string) => {
		await page.getByLabel("Token").fill(token);
		await page.getByRole("button", { name: "Open the console" }).click();
	};
	await signIn("agent-token");
	await expect(page.getByText("Not let in")).toBeVisible();
	await signIn("ops-token");
	await expect(page.getByText("The tap is open")).toBeVisible();
	timmy.send({ type: "note", target_id: "timmy", text: "for one" });
	timmy.send({ type: "note", text: "for all" });
	await expect(row(page, "Messages", "for all")).toHaveCount(1);
	await expect(row(page, "Messages", "for one")).toHaveCount(0);
	await expect(page.getByText("1 not shown")).toBeVisible();
	expect(page.url()).not.toContain("token");

	await page.evaluate(() => sessionStorage.clear());
	await page.reload();
	await signIn("all-token");
	await page.getByRole("tab", { name: "Time" }).click();
	await page.getByRole("button", { name: "The data folder" }).click();
	await expect(row(page, "Moments", "for one")).toHaveCount(1);
	await page.getByRole("slider", { name: "Moment" }).press("Home");
	await expect(page.getByLabel("Agents then")).toContainText(
		"Nobody was there",
	);

	await page.getByRole("tab", { name: "Act" }).click();
	await page.getByRole("button", { name: "Drain…" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
	expect(await timmy.closed).toBe(1001);
	expect(host.output()).not.toMatch(/-token/);
});
