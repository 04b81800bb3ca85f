import type { Memory, World } from "./model/world.ts";

/** What a memory needs of the page: its `window`. */
export interface Page {
	/** Getting it throws where the page may not store anything. */
	readonly sessionStorage: {
		getItem(key: string): string | null;
		setItem(key: string, text: string): void;
		removeItem(key: string): void;
	};
	addEventListener(
		type: "pagehide" | "pageshow",
		listener: () => unknown,
	): void;
}

/**
 * Keeps what the world remembers for the page that comes after a reload. It is in sessionStorage
 * only between the two pages: a tab that is duplicated copies the storage, but has not received
 * what the first one received.
 *
 * @param name Whose memory it is.
 */
export function keepMemory(world: World, name: string, page: Page): void {
	const key = `matrix-world/1 ${name}`;
	const memory = take(page, key);
	if (memory) world.restore(memory);
	page.addEventListener("pagehide", () => write(page, key, world.save()));
	// A page that comes from the back/forward cache still has all of it.
	page.addEventListener("pageshow", () => take(page, key));
}

function take(page: Page, key: string): Memory | undefined {
	try {
		const text = page.sessionStorage.getItem(key);
		page.sessionStorage.removeItem(key);
		return read(text);
	} catch {
		// The browser may forbid it, and another script may have written there.
		return undefined;
	}
}

function read(text: string | null): Memory | undefined {
	const memory: Partial<Memory> | null = JSON.parse(text ?? "null");
	return Array.isArray(memory?.activity) ? (memory as Memory) : undefined;
}

function write(page: Page, key: string, memory: Memory): void {
	try {
		page.sessionStorage.setItem(key, JSON.stringify(memory));
	} catch {
		// Forbidden, or full: the next page begins with an empty list.
	}
}
