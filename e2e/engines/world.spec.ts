/** The world in Firefox and in WebKit, on each host. */
import { connectAgent } from "../agent.ts";
import { sayAll } from "../documented.ts";
import type { Tab } from "../drivers/tab.ts";
import { expect, snapshot } from "../fixtures.ts";
import type { HostKind } from "../hosts.ts";
import { scene } from "../scene.ts";
import { test } from "./fixtures.ts";
import { byTestId, expectText, press, write } from "./hands.ts";

for (const hostKind of ["dev", "preview", "sidecar"] as const)
	test.describe(`in ${hostKind}`, () => {
		test.use({ hostKind });
		// A browser is started, and draws without a graphics processor.
		test.slow();

		test("the world shows all that is documented, early and late, hears a visitor, and comes back after a restart", async ({
			newTab,
			start,
		}) => {
			// Once is enough: the page is the same on each host.
			const hasWebGL = hostKind === "sidecar";
			const early = await newTab({ hasWebGL });
			const first = await start();
			await openWorld(early, first.url);
			await expectPicture(early, hasWebGL);
			const timmy = await connectAgent(first.gatewayUrl, "timmy", "mind");
			const ada = await connectAgent(first.gatewayUrl, "ada");
			await expectText(early, byTestId("roster"), "timmy");
			await sayAll({ ada, timmy }, () => snapshot(early));

			const late = await newTab();
			await openWorld(late, first.url);
			await expect.poll(() => scene(late)).toEqual(await scene(early));

			const said = "Hello from a <b>page</b>";
			await write(late, byTestId("chat-input"), said);
			await press(late, byTestId("chat-send"));
			// What he said himself as one he has not heard.
			expect(await timmy.next("visitor_message")).toMatchObject({ text: said });
			for (const tab of [early, late])
				await expectText(tab, byTestId("activity"), said);

			await early.evaluate(() => {
				window.isTheSame = true;
			});
			await first.stop();
			await Promise.all([timmy.closed, ada.closed]);
			await expect.poll(() => statusOf(early)).not.toBe("online");
			const second = await start({ port: first.port });
			const eve = await connectAgent(second.gatewayUrl, "eve");
			await expectBack(early, hostKind);
			await eve.close();
		});
	});

declare global {
	interface Window {
		isTheSame?: boolean;
	}
}

async function openWorld(tab: Tab, url: string): Promise<void> {
	await tab.open(url);
	await expect.poll(() => statusOf(tab)).toBe("online");
}

function statusOf(tab: Tab) {
	return tab.evaluate(
		() =>
			document.querySelector<HTMLElement>('[data-testid="connection"]')?.dataset
				.status,
	);
}

/** That the world is drawn, or that the page says why it is not. */
async function expectPicture(tab: Tab, isDrawn: boolean): Promise<void> {
	const calls = () =>
		tab.evaluate(() => window.matrixWorld.picture()?.drawCalls ?? 0);
	if (isDrawn) await expect.poll(calls).toBeGreaterThan(0);
	else expect(await calls()).toBe(0);
	const words = await tab.evaluate(() => {
		const world = document.querySelector("#world") as Element;
		return getComputedStyle(world, "::after").content;
	});
	if (isDrawn) expect(words).toBe("none");
	else expect(words).toContain("cannot draw the world in 3D");
}

/** That it is online again, and shows Eve, who came after the restart, and nobody else. */
async function expectBack(tab: Tab, hostKind: HostKind): Promise<void> {
	// Vite's own client loads the page anew, and what is asked meanwhile goes with the old one.
	await expect(async () => {
		const isTheSame = await tab.evaluate(() => window.isTheSame ?? false);
		expect(isTheSame).toBe(hostKind !== "dev");
		expect(await statusOf(tab)).toBe("online");
		const { roster } = await snapshot(tab);
		expect(roster).toEqual([{ agentId: "eve", role: "agent" }]);
	}).toPass({ timeout: 30_000 });
}
