import { vi } from "vitest";

/** The globals of a page, of which the test is the user. */
export interface Page {
	goOnline(): void;
	show(): void;
	hide(): void;
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

	const turn = (state: string) => {
		document.visibilityState = state;
		target.fire("visibilitychange");
	};
	return {
		goOnline: () => window.fire("online"),
		show: () => turn("visible"),
		hide: () => turn("hidden"),
		listenerCount: () => window.count() + target.count(),
	};
}

function createTarget() {
	const listeners: { type: string; listener: () => void }[] = [];
	return {
		addEventListener(type: string, listener: () => void) {
			listeners.push({ type, listener });
		},
		removeEventListener(type: string, listener: () => void) {
			const index = listeners.findIndex(
				(entry) => entry.type === type && entry.listener === listener,
			);
			if (index >= 0) listeners.splice(index, 1);
		},
		fire(type: string) {
			for (const entry of [...listeners])
				if (entry.type === type) entry.listener();
		},
		count: () => listeners.length,
	};
}
