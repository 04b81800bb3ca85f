/** A page that tells what it has heard, and is left blank but for what is to be seen. */
import type { BrowserContext, Page } from "@playwright/test";
import { leaveBlank } from "../fixtures.ts";

/** To be called before its pages are opened. */
export async function watchPages(context: BrowserContext): Promise<void> {
	await context.addInitScript(watch);
	await leaveBlank(context);
}

/** Resolves once something has come over a page's WebSocket with these words in it. */
export function untilHeard(page: Page, words: string): Promise<void> {
	return page.evaluate((words) => window.watched.heard(words), words);
}

declare global {
	interface Window {
		watched: { heard(words: string): Promise<void> };
	}
}

/** Runs in the page, before anything else does. */
function watch(): void {
	const heard: string[] = [];
	const waiting = new Set<() => void>();
	window.watched = {
		async heard(words) {
			while (!heard.some((text) => text.includes(words)))
				await new Promise<void>((resolve) => waiting.add(resolve));
		},
	};
	const hear = (text: string) => {
		heard.push(text);
		for (const wake of waiting) wake();
		waiting.clear();
	};
	window.WebSocket = class extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			// The page's own listener comes after this one, but before whoever waits outside of the page.
			this.addEventListener("message", ({ data }) => hear(String(data)));
		}
	};
}
