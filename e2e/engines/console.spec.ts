/** The operators' console in Firefox and in WebKit, where it is served. */
import { connectAgent } from "../agent.ts";
import type { Tab } from "../drivers/tab.ts";
import { expect } from "../fixtures.ts";
import { operatedFlags } from "../operated.ts";
import { test } from "./fixtures.ts";
import { expectText, press, write } from "./hands.ts";

const WINDOW = { width: 1280, height: 800 };

for (const hostKind of ["dev", "sidecar"] as const)
	test.describe(`in ${hostKind}`, () => {
		test.use({ hostKind });
		// A browser is started, and draws without a graphics processor.
		test.slow();

		test("the console shows who is connected, taps what is said, and sends", async ({
			newTab,
			start,
		}) => {
			const tab = await newTab({ size: WINDOW });
			const isOpen = hostKind === "dev";
			const host = await start({ flags: isOpen ? [] : operatedFlags() });
			const timmy = await connectAgent(
				`${host.gatewayUrl}${isOpen ? "" : "?token=agent-token"}`,
				"timmy",
			);
			await tab.open(`${host.url}__matrix/`);
			if (!isOpen) {
				await write(tab, { selector: "input[type=password]" }, "ops-token");
				await press(tab, { selector: "button", text: "Open the console" });
			}
			const rows = (name: string) => ({
				selector: `[role=grid][aria-label=${name}] [role=row]`,
			});
			await expectText(tab, rows("Connections"), "timmy");
			await expectFigures(tab);
			await press(tab, { selector: "[role=tab]", text: "Tap" });
			await expectText(tab, { selector: "main" }, "The tap is open");
			timmy.send({ type: "bark", text: "<b>hello</b>" });
			await expectText(tab, rows("Messages"), "<b>hello</b>");
			await press(tab, { selector: "[role=tab]", text: "Act" });
			await write(tab, { selector: "#field-text" }, "By hand");
			await press(tab, { selector: "button", text: "Send to" });
			await expectText(tab, { selector: "main" }, "it has its place");
			expect(await timmy.next("bark")).toMatchObject({ text: "By hand" });
			await timmy.close();
		});
	});

/** That the figures are there, and within their places. */
async function expectFigures(tab: Tab): Promise<void> {
	await expectText(tab, { selector: ".figure-value" }, "/s");
	const tooWide = await tab.evaluate(() =>
		[...document.querySelectorAll("main, .figure")]
			.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
			.map(({ textContent }) => textContent),
	);
	expect(tooWide).toEqual([]);
}
