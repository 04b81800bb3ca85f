/** The client's end of a WebSocket without a network: its states, as a browser has them, and who listens. */

/** What happens on a socket, by the names that a browser's WebSocket has for it. */
export interface SocketEvents {
	open: undefined;
	message: { readonly data: string };
	close: { readonly code: number; readonly reason: string };
	error: { readonly message?: string };
}

type Listener<Type extends keyof SocketEvents> = (
	event: SocketEvents[Type],
) => void;

export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;

export abstract class ClientEnd {
	readyState = CONNECTING;
	readonly #listeners = new Map<string, Set<Listener<never>>>();

	addEventListener<Type extends keyof SocketEvents>(
		type: Type,
		listener: Listener<Type>,
	): void {
		const listeners = this.#listeners.get(type) ?? new Set();
		this.#listeners.set(type, listeners.add(listener));
	}

	protected tell<Type extends keyof SocketEvents>(
		type: Type,
		event: SocketEvents[Type],
	): void {
		for (const listener of this.#listeners.get(type) ?? [])
			(listener as Listener<Type>)(event);
	}
}
