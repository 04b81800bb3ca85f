/** What handing something over needs of the page: its `window`. */
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
 * Hands something to the page that comes after a reload. It is in sessionStorage only between the
 * two pages: a tab that is duplicated copies the storage, but is not the one that was reloaded.
 *
 * @param key What it is, and whose.
 * @param save Called when the page goes; undefined where there is nothing to hand over.
 * @returns what the page before has handed over, as it was.
 */
export function handOver(
	page: Page,
	key: string,
	save: () => unknown,
): unknown {
	const handed = take(page, key);
	page.addEventListener("pagehide", () => write(page, key, save()));
	// A page that comes from the back/forward cache still has all of it.
	page.addEventListener("pageshow", () => take(page, key));
	return handed;
}

function take(page: Page, key: string): unknown {
	try {
		const text = page.sessionStorage.getItem(key);
		page.sessionStorage.removeItem(key);
		return JSON.parse(text ?? "null");
	} catch {
		// The browser may forbid it, and another script may have written there.
		return undefined;
	}
}

function write(page: Page, key: string, value: unknown): void {
	if (value === undefined) return;
	try {
		page.sessionStorage.setItem(key, JSON.stringify(value));
	} catch {
		// Forbidden, or full: the next page begins with nothing.
	}
}
