import { report } from "./environment.ts";

/** Takes a listener off again; a second call does nothing. */
export type Unsubscribe = () => void;

/** Those who want to be told of one thing. */
export interface Listeners<T> {
	add(listener: (value: T) => void): Unsubscribe;
	notify(value: T): void;
}

/** A list of listeners of which none can break another: what one throws is reported. */
export function createListeners<T>(): Listeners<T> {
	// Entries, not functions: a function that was added twice is taken off once at a time.
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

/** Runs someone else's code; what it throws is reported and goes no further. */
export function attempt(action: () => void): void {
	try {
		action();
	} catch (error) {
		report(error);
	}
}
