/** What a person does with a page, and sees of it. */
import type { Tab } from "../drivers/tab.ts";
import { expect } from "../fixtures.ts";

/** What is looked for: the first that is seen, and has the words in its text or its name. */
export interface Target {
	readonly selector: string;
	readonly text?: string;
}

interface Spot {
	readonly x: number;
	readonly y: number;
}

export const byTestId = (id: string): Target => ({
	selector: `[data-testid="${id}"]`,
});

/** Waits for it, and clicks into its middle. */
export async function press(tab: Tab, target: Target): Promise<void> {
	let spot: Spot | undefined;
	await expect(async () => {
		spot = await tab.evaluate(findMiddle, target);
		expect(spot, JSON.stringify(target)).toBeDefined();
	}).toPass({ timeout: 15_000 });
	await tab.perform([
		{
			...{ type: "pointer", id: "mouse" },
			parameters: { pointerType: "mouse" },
			actions: [
				{ type: "pointerMove", duration: 0, ...spot },
				{ type: "pointerDown", button: 0 },
				{ type: "pointerUp", button: 0 },
			],
		},
	]);
}

/** Presses a field, and types into it. */
export async function write(
	tab: Tab,
	target: Target,
	text: string,
): Promise<void> {
	await press(tab, target);
	const actions = [...text].flatMap((value) => [
		{ type: "keyDown", value },
		{ type: "keyUp", value },
	]);
	await tab.perform([{ type: "key", id: "keyboard", actions }]);
}

/** Waits for words in it. */
export function expectText(
	tab: Tab,
	target: Target,
	text: string,
): Promise<void> {
	return expect
		.poll(() => tab.evaluate(readAll, target.selector), {
			message: target.selector,
		})
		.toContain(text);
}

function readAll(selector: string): string {
	return [...document.querySelectorAll(selector)]
		.map(({ textContent }) => textContent)
		.join("\n");
}

function findMiddle({ selector, text = "" }: Target): Spot | undefined {
	for (const each of document.querySelectorAll<HTMLElement>(selector)) {
		const words = `${each.textContent} ${each.ariaLabel}`;
		if (!words.includes(text) || !each.checkVisibility()) continue;
		each.scrollIntoView({ block: "nearest" });
		const { x, y, width, height } = each.getBoundingClientRect();
		return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
	}
	return undefined;
}
