/** What has to hold of the page whatever it shows. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Covers the lower part as an iPhone's keyboard does: the page keeps its height. */
export async function expectAboveKeyboard(page: Page): Promise<void> {
	await page.evaluate(() => {
		Object.defineProperty(window.visualViewport, "height", { value: 508 });
		window.visualViewport?.dispatchEvent(new Event("resize"));
	});
	await expect
		.poll(async () => {
			const box = await page.getByTestId("chat-send").boundingBox();
			return box && box.y + box.height < 508 && box.y > 400;
		})
		.toBe(true);
}

/** Nothing that axe finds, once all that appears is there. */
export async function expectAccessible(page: Page): Promise<void> {
	// What appears is not as it will be.
	await page.evaluate(() =>
		Promise.all(
			document
				.getAnimations()
				.filter(({ effect }) => effect?.getTiming().iterations === 1)
				.map(({ finished }) => finished),
		),
	);
	const { violations } = await new AxeBuilder({ page })
		.options({ resultTypes: ["violations"] })
		.analyze();
	expect(
		violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
	).toEqual([]);
}

/** All panels are on the screen and beside each other, and what is pressed is large enough. */
export async function expectOrder(page: Page, least: number): Promise<void> {
	// Of another size of the screen the page hears in the next frame.
	await expect.poll(() => findFaults(page, least)).toEqual([]);
}

function findFaults(page: Page, least: number): Promise<string[]> {
	return page.evaluate((least) => {
		const faults: string[] = [];
		const seen = (selector: string) =>
			[...document.querySelectorAll(selector)]
				.filter((each) => each.checkVisibility({ visibilityProperty: true }))
				.map((each) => ({ each, box: each.getBoundingClientRect() }))
				.filter(({ box }) => box.width > 1);
		const { scrollWidth, scrollHeight } = document.documentElement;
		if (scrollWidth > innerWidth || scrollHeight > innerHeight)
			faults.push(`the page scrolls: ${scrollWidth} × ${scrollHeight}`);
		const panels = seen(".panel, .tabs");
		for (const [index, { each, box }] of panels.entries()) {
			const { left, top, right, bottom } = box;
			if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight)
				faults.push(`${each.className} is not all on the screen`);
			for (const other of panels.slice(index + 1))
				if (
					left < other.box.right &&
					other.box.left < right &&
					top < other.box.bottom &&
					other.box.top < bottom
				)
					faults.push(`${each.className} is over ${other.each.className}`);
		}
		for (const { each, box } of seen("button, a, input"))
			if (box.width < least || box.height < least)
				faults.push(`${each.outerHTML}: ${box.width} × ${box.height}`);
		return faults;
	}, least);
}
