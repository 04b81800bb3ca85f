import { vi } from "vitest";

type Listener = (event: object) => void;

/** The globals of a page, of which the test is the user. */
export interface Page {
	goOnline(): void;
	show(): void;
	hide(): void;
	/** The end of the page, or its way into the browser's cache of whole pages. */
	leave(toCache?: boolean): void;
	/** From that cache. */
	comeBack(): void;
	/** The end of the page's load. */
	load(): void;
	/** What is in the page's sessionStorage. */
	readonly storage: Map<string, string>;
	/** The page may not have a sessionStorage: to ask for it throws. */
	denyStorage(): void;
	/** Nothing more fits into the sessionStorage. */
	fillStorage(): void;
	/** How many listeners are on the page. */
	listenerCount(): number;
}

/** Makes the test's global scope look like a page's, until `vi.unstubAllGlobals`. */
export function stubPage(href = "https://world.test/app/"): Page {
	const window = createTarget();
	const target = createTarget();
	const document = { ...target, visibilityState: "visible" };
	vi.stubGlobal("addEventListener", window.addEventListener);
	vi.stubGlobal("removeEventListener", window.removeEventListener);
	vi.stubGlobal("document", document);
	vi.stubGlobal("location", { href });
	const storage = new Map<string, string>();
	vi.stubGlobal("sessionStorage", toStorage(storage));

	const turn = (state: string) => {
		document.visibilityState = state;
		target.fire("visibilitychange");
	};
	return {
		goOnline: () => window.fire("online"),
		show: () => turn("visible"),
		hide: () => turn("hidden"),
		leave: (toCache = false) => window.fire("pagehide", { persisted: toCache }),
		comeBack: () => window.fire("pageshow", { persisted: true }),
		load: () => window.fire("pageshow", { persisted: false }),
		storage,
		denyStorage: () =>
			Object.defineProperty(globalThis, "sessionStorage", { get: fail }),
		fillStorage: () =>
			vi.stubGlobal("sessionStorage", { ...toStorage(storage), setItem: fail }),
		listenerCount: () => window.count() + target.count(),
	};
}

function fail(): never {
	throw new DOMException("no", "SecurityError");
}

function toStorage(entries: Map<string, string>) {
	return {
		getItem: (key: string) => entries.get(key) ?? null,
		setItem: (key: string, value: string) => void entries.set(key, value),
		removeItem: (key: string) => void entries.delete(key),
	};
}

function createTarget() {
	const listeners: { type: string; listener: Listener }[] = [];
	return {
		addEventListener(type: string, listener: Listener) {
			listeners.push({ type, listener });
		},
		removeEventListener(type: string, listener: Listener) {
			const index = listeners.findIndex(
				(entry) => entry.type === type && entry.listener === listener,
			);
			if (index >= 0) listeners.splice(index, 1);
		},
		fire(type: string, event: object = {}) {
			for (const entry of [...listeners])
				if (entry.type === type) entry.listener(event);
		},
		count: () => listeners.length,
	};
}
