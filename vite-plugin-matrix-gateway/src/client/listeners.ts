import { report } from "./environment.ts";

/** Takes a listener off again; a second call does nothing. */
export type Unsubscribe = () => void;

/** The listeners of one event. */
export interface Listeners<T> {
	add(listener: (value: T) => void): Unsubscribe;
	notify(value: T): void;
}

/** Creates a list of listeners. What one throws is reported, and the others are still called. */
export function createListeners<T>(): Listeners<T> {
	// Entries, not functions: a function that was added twice is removed once for each.
	const entries = new Set<{ listener: (value: T) => void }>();

	return {
		add(listener) {
			const entry = { listener };
			entries.add(entry);
			return () => void entries.delete(entry);
		},
		notify(value) {
			for (const entry of [...entries])
				if (entries.has(entry)) attempt(() => entry.listener(value));
		},
	};
}

/** Runs code of the client's user; what it throws is reported and goes no further. */
export function attempt(action: () => void): void {
	try {
		action();
	} catch (error) {
		report(error);
	}
}
