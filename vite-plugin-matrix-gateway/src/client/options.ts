import { toSocketUrl } from "./address.ts";
import type { Agent } from "./connection.ts";
import type { TokenSource } from "./credentials.ts";
import { environment, type WebSocketConstructor } from "./environment.ts";
import { attempt } from "./listeners.ts";
import type { OutgoingMessage } from "./messages.ts";
import type { DropReason } from "./outbox.ts";

/** The client's own defaults; durations are milliseconds. */
const DEFAULTS = {
	backoff: { min: 500, max: 20_000 },
	connectTimeout: 15_000,
	maxQueue: 1_000,
} as const;

/** What `createMatrixClient` takes. Durations are milliseconds. */
export interface MatrixClientOptions {
	/**
	 * The gateway's address: `ws:`, `wss:`, `http:` or `https:` (`http` becomes `ws`).
	 * In a page it may be relative to the page: `"/ws/matrix"`.
	 */
	readonly url: string | URL;
	/** The name to register under [REG1]. Without it the client is a viewer [REG4]. */
	readonly agentId?: string | undefined;
	/**
	 * What the agent is; `"browser"` for a 3D client. Only with `agentId`.
	 *
	 * @default "agent", which is the gateway's own
	 */
	readonly role?: string | undefined;
	/**
	 * The token, or a function that gets one, which is called for the first connection
	 * and again when the gateway says that the token has expired (a close of 41xx).
	 * It travels as a subprotocol, never in the URL [CON2].
	 */
	readonly token?: TokenSource | undefined;
	/**
	 * The WebSocket to use: any class with the browser's interface.
	 *
	 * @default the global WebSocket, which Node has from version 22 on
	 *
	 * @example
	 * import { WebSocket } from "ws";
	 * createMatrixClient({ url, WebSocket });
	 */
	readonly WebSocket?: WebSocketConstructor | undefined;
	/** Disposes of the client when it aborts. */
	readonly signal?: AbortSignal | undefined;
	/**
	 * How long to wait before the next try: a random time of 0 to `min`, the ceiling
	 * doubling with each failure up to `max`. It starts over once a connection has
	 * lasted for `max`.
	 *
	 * @default { min: 500, max: 20_000 }
	 */
	readonly backoff?:
		| { readonly min?: number; readonly max?: number }
		| undefined;
	/**
	 * How long a try may take, from asking for the token to the gateway's answer. More
	 * than the gateway gives its `authenticate` (10 s), or a slow one is never awaited.
	 *
	 * @default 15_000
	 */
	readonly connectTimeout?: number | undefined;
	/**
	 * How many messages wait while there is no connection; past it `send` returns false.
	 * 0: none waits.
	 *
	 * @default 1_000
	 */
	readonly maxQueue?: number | undefined;
	/**
	 * Told of each message that was given up:
	 *
	 * - `overflow`: `maxQueue` messages were waiting already.
	 * - `too_large`: it has more bytes than the gateway reads.
	 * - `refused`, `disposed`: there will be no connection to send it on.
	 */
	readonly onDropped?:
		| ((message: OutgoingMessage, reason: DropReason) => void)
		| undefined;
}

/** The options with everything decided. */
export interface Settings {
	readonly url: string;
	readonly agent: Agent | undefined;
	readonly token: TokenSource | undefined;
	readonly WebSocket: WebSocketConstructor;
	readonly backoff: { readonly min: number; readonly max: number };
	readonly connectTimeout: number;
	readonly maxQueue: number;
	readonly signal: AbortSignal | undefined;
	/** Does not throw. */
	onDropped(message: OutgoingMessage, reason: DropReason): void;
}

/** Fills in the defaults. Throws where there is no address or no WebSocket to connect with. */
export function toSettings(options: MatrixClientOptions): Settings {
	return {
		url: toSocketUrl(options.url),
		agent: toAgent(options),
		token: options.token,
		WebSocket: toWebSocket(options.WebSocket),
		backoff: { ...DEFAULTS.backoff, ...options.backoff },
		connectTimeout: options.connectTimeout ?? DEFAULTS.connectTimeout,
		maxQueue: options.maxQueue ?? DEFAULTS.maxQueue,
		signal: options.signal,
		onDropped: (message, reason) =>
			attempt(() => options.onDropped?.(message, reason)),
	};
}

function toAgent({ agentId, role }: MatrixClientOptions): Agent | undefined {
	if (agentId === undefined) return undefined;
	return role === undefined ? { agentId } : { agentId, role };
}

function toWebSocket(given?: WebSocketConstructor): WebSocketConstructor {
	const WebSocket = given ?? environment.WebSocket;
	if (!WebSocket)
		throw new TypeError(
			"There is no global WebSocket here: pass one, such as that of the ws package, as the option WebSocket.",
		);
	return WebSocket;
}
