/** The recording in a host, as the world's page and the console show it at any moment of it. */
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { play } from "vite-plugin-matrix-gateway/testing";
import { setDrawn } from "../fixtures.ts";
import type { Host } from "../hosts.ts";
import { installClock, type PageClock } from "./page-clock.ts";
import type { DemoRecording } from "./recording.ts";
import { createSpeakers, fail } from "./speakers.ts";
import { createToldTime } from "./told-time.ts";
import { untilHeard, watchPages } from "./watched-page.ts";

export interface Show {
	/** What the world's page shows at a stop: a frame. */
	drawWorld(): Promise<Buffer>;
	/** The same, without a look at it: what comes then depends on all frames before it. */
	skipWorld(): Promise<void>;
	/** What the console shows in the end. */
	showConsole(colorScheme: "light" | "dark"): Promise<Buffer>;
	/**
	 * Goes through the recording.
	 *
	 * @param stops Seconds after its beginning, from the first on; it ends at the last.
	 * @param stop Called at each.
	 */
	play(
		stops: readonly number[],
		stop: (second: number) => Promise<void>,
	): Promise<void>;
}

/** What is looked at in the console. */
const CHOSEN = "One cherry tree";

/** @param isOperated Whether the host has the flags of `operatedFlags`, as a console that is for operators needs. */
export async function openShow(
	context: BrowserContext,
	host: Host,
	recording: DemoRecording,
	isOperated: boolean,
): Promise<Show> {
	const { start } = recording;
	const time = createToldTime(start);
	const clock = await installClock(context, start);
	await watchPages(context);
	const console = await openConsole(context, host, isOperated);
	await clock.stop();
	const token = isOperated ? "agent-token" : undefined;
	const world = await context.newPage();
	await world.goto(`${host.url}${token ? `#token=${token}` : ""}`);
	await untilHeard(world, "gateway_hello");

	async function passTo(second: number): Promise<void> {
		time.is(start + second * 1_000);
		await clock.passTo(start + second * 1_000);
	}

	return {
		async drawWorld() {
			await setDrawn(world, true);
			await clock.frame();
			await setDrawn(world, false);
			return world.screenshot({ animations: "disabled" });
		},
		skipWorld: clock.frame,
		async showConsole(colorScheme) {
			await console.emulateMedia({ colorScheme });
			return console.screenshot({ animations: "disabled" });
		},
		async play(stops, stop) {
			const speakers = createSpeakers(host.gatewayUrl, token);
			const steps = stepsTo(stops);
			let now = start;

			async function passSteps(end: number): Promise<void> {
				await untilHeard(world, speakers.last);
				for (let next = steps[0]; next !== undefined && next <= end; ) {
					await passTo(next);
					if (stops.includes(next)) await stop(next);
					steps.shift();
					next = steps[0];
				}
			}

			await play(linesUntil(recording, Math.max(...stops)), {
				player: speakers,
				now: () => now,
				problem: (_, reason) => fail(reason),
				async pass(milliseconds) {
					await speakers.placed();
					now += milliseconds;
					await passSteps((now - start) / 1_000);
					time.is(now);
				},
			});
			await passSteps(Number.POSITIVE_INFINITY);
			await settleConsole(console, clock, speakers.said);
			await time.tell(console);
			speakers.close();
		},
	};
}

/** Once it has all that was said, and something of it was chosen. */
async function settleConsole(
	page: Page,
	clock: PageClock,
	said: number,
): Promise<void> {
	await expect
		.poll(async () => {
			await clock.frame();
			return page.getByRole("grid").getAttribute("aria-rowcount");
		})
		.toBe(String(said));
	const row = page.getByRole("row").filter({ hasText: CHOSEN }).last();
	const detail = page.getByRole("complementary");
	// The list may still be on its way to its end, and the next row come under the pointer.
	await expect(async () => {
		await row.click();
		await expect(detail).toContainText(CHOSEN, { timeout: 1_000 });
	}).toPass();
}

async function openConsole(
	context: BrowserContext,
	{ url }: Host,
	isOperated: boolean,
): Promise<Page> {
	const page = await context.newPage();
	await page.goto(`${url}__matrix/#tap`);
	if (isOperated) {
		await page.getByLabel("Token").fill("all-token");
		await page.getByRole("button", { name: "Open the console" }).click();
	}
	await page.getByText("The tap is open").waitFor();
	await page.getByRole("button", { name: "broadcast" }).click();
	return page;
}

/** Each second, and each stop. */
function stepsTo(stops: readonly number[]): number[] {
	const seconds = Array.from(
		{ length: Math.floor(Math.max(...stops)) },
		(_, index) => index + 1,
	);
	return [...new Set([...seconds, ...stops])].sort((one, two) => one - two);
}

function linesUntil({ lines, start }: DemoRecording, second: number): string[] {
	const end = new Date(start + second * 1_000).toISOString();
	return lines.filter((line) => JSON.parse(line).at <= end);
}
