/** Values that views follow. */
import { useLayoutEffect, useState } from "preact/hooks";

export interface Store<Value> {
	get(): Value;
	set(value: Value): void;
	follow(listener: () => void): () => void;
}

export function createStore<Value>(initial: Value): Store<Value> {
	let value = initial;
	const listeners = new Set<() => void>();
	return {
		get: () => value,
		set(next) {
			if (next === value) return;
			value = next;
			for (const listener of listeners) listener();
		},
		follow(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
	};
}

/** The value of a store; the view is drawn again when it changes. */
export function useStore<Value>(store: Pick<Store<Value>, "get" | "follow">) {
	const [, draw] = useState(0);
	// In the turn that draws it: what changes after that is not to be missed.
	useLayoutEffect(
		() => store.follow(() => draw((count) => count + 1)),
		[store],
	);
	return store.get();
}
