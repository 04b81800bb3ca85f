import {
	createListeners,
	type Listeners,
	type Unsubscribe,
} from "./listeners.ts";
import type { MatrixMessage } from "./messages.ts";

/** The listeners for messages, by type. */
export interface Subscriptions {
	/** Listens to one type, or to every message with `"*"`. */
	on(type: string, listener: (message: MatrixMessage) => void): Unsubscribe;
	/** Calls the listeners of the message's type, then those of all types. */
	emit(message: MatrixMessage): void;
}

const EVERY_TYPE = "*";

export function createSubscriptions(): Subscriptions {
	const byType = new Map<string, Listeners<MatrixMessage>>();

	return {
		on(type, listener) {
			const listeners = byType.get(type) ?? createListeners();
			byType.set(type, listeners);
			return listeners.add(listener);
		},
		emit(message) {
			// A set, since a message's type may be "*".
			for (const type of new Set([message.type, EVERY_TYPE]))
				byType.get(type)?.notify(message);
		},
	};
}
