/**
 * What a page has and Node may not have, declared by hand: so the package's types do not need the
 * DOM library, and each use has to check that the thing is there.
 */
interface EventSource {
	addEventListener(type: string, listener: (event: PageEvent) => void): void;
	removeEventListener(type: string, listener: (event: PageEvent) => void): void;
}

/** An event of a page's life. */
export interface PageEvent {
	/** Whether the page goes to, or comes from, the back/forward cache. */
	readonly persisted?: boolean;
}

/** The part of the browser's `Storage` that the client uses. */
export interface StorageLike {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
	removeItem(key: string): void;
}

interface Environment extends Partial<EventSource> {
	readonly document?: EventSource & { readonly visibilityState: string };
	readonly location?: { readonly href: string };
	/** Reading the property throws where the page may not store anything. */
	readonly sessionStorage?: StorageLike;
	readonly WebSocket?: WebSocketConstructor;
	readonly reportError?: (error: unknown) => void;
}

/** The part of the browser's `WebSocket` that the client uses; that of `ws` fits too. */
export interface WebSocketLike {
	readonly readyState: number;
	send(data: string): void;
	close(code?: number, reason?: string): void;
	addEventListener(type: "open", listener: () => void): void;
	addEventListener(
		type: "message",
		listener: (event: { readonly data: unknown }) => void,
	): void;
	addEventListener(
		type: "close",
		listener: (event: {
			readonly code: number;
			readonly reason: string;
		}) => void,
	): void;
	addEventListener(
		type: "error",
		listener: (event: { readonly message?: string }) => void,
	): void;
}

/** A class with the interface of the browser's `WebSocket`. */
export type WebSocketConstructor = new (
	url: string,
	protocols: string[],
) => WebSocketLike;

/** The global scope; each use reads its properties again. */
export const environment = globalThis as unknown as Environment;

/** Reports an error that the client cannot handle as an uncaught one, without stopping the caller. */
export function report(error: unknown): void {
	if (environment.reportError) environment.reportError(error);
	else
		queueMicrotask(() => {
			throw error;
		});
}
