/** A page that tells what it has heard, and draws only what is to be seen. */
import type { BrowserContext, Page } from "@playwright/test";

/** To be called before its pages are opened. */
export async function watchPages(context: BrowserContext): Promise<void> {
	await context.addInitScript(watch);
}

/** Resolves once something has come over a page's WebSocket with these words in it. */
export function untilHeard(page: Page, words: string): Promise<void> {
	return page.evaluate((words) => window.watched.heard(words), words);
}

/** Whether a page draws, or does all that drawing takes but that: in software one frame takes a second. */
export function setDrawn(page: Page, isDrawn: boolean): Promise<void> {
	return page.evaluate((isDrawn) => {
		window.watched.isDrawn = isDrawn;
	}, isDrawn);
}

declare global {
	interface Window {
		watched: { isDrawn: boolean; heard(words: string): Promise<void> };
	}
}

/** Runs in the page, before anything else does. */
function watch(): void {
	const heard: string[] = [];
	const waiting = new Set<() => void>();
	window.watched = {
		isDrawn: false,
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
	const { prototype } = WebGL2RenderingContext;
	for (const name of [
		"drawElements",
		"drawArrays",
		"drawElementsInstanced",
		"drawArraysInstanced",
	] as const) {
		const draw = prototype[name] as (...args: unknown[]) => void;
		Object.defineProperty(prototype, name, {
			value(this: WebGL2RenderingContext, ...args: unknown[]) {
				if (window.watched.isDrawn) draw.apply(this, args);
			},
		});
	}
}
