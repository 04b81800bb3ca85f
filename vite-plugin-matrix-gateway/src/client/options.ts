import type { Interest } from "../core/protocol/protocol.ts";
import type {
	SchemaIssue,
	StandardSchema,
} from "../messages/standard-schema.ts";
import { toSocketUrl } from "./address.ts";
import { type Clock, REAL_CLOCK } from "./clock.ts";
import type { Agent } from "./connection.ts";
import type { TokenSource } from "./credentials.ts";
import { environment, type WebSocketConstructor } from "./environment.ts";
import type { HotModule } from "./hot-update.ts";
import { attempt } from "./listeners.ts";
import type { MatrixMessage, OutgoingMessage } from "./messages.ts";
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
	/**
	 * The name of the world to enter, where the gateway has several: `"garden"` is at `url` with a
	 * slash and its name [WLD1]. `url` has to be that of the gateway then, without a world.
	 *
	 * @default "default", the world at `url` itself
	 */
	readonly world?: string | undefined;
	/** The name to register under [REG1]. Without it the client is a viewer [REG4]. */
	readonly agentId?: string | undefined;
	/**
	 * What the agent is; `"browser"` for a 3D client. Only with `agentId`.
	 *
	 * @default "agent", which is the gateway's own
	 */
	readonly role?: string | undefined;
	/**
	 * The token, or a function that gets one, which may be asynchronous. The function is called
	 * for each connection, also after the gateway has closed one since its token had expired
	 * (4101), and shortly before a token expires, to renew it on the connection that there is.
	 * What it throws is tried again later; null stops the client, see `needsToken` of the state
	 * `refused`. The token travels as a subprotocol or in a message, never in the URL [CON2, AUTH6].
	 */
	readonly token?: TokenSource | undefined;
	/**
	 * The WebSocket to use: any class with the browser's interface.
	 *
	 * @default the global WebSocket, which Node has from version 22 on
	 *
	 * @example
	 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
	 * import { WebSocket } from "ws";
	 *
	 * createMatrixClient({ url, WebSocket });
	 */
	readonly WebSocket?: WebSocketConstructor | undefined;
	/**
	 * Whether to ask the gateway to keep the agent's place while the connection is gone,
	 * so that neither side misses, repeats or reorders a message [RES]. What cannot be
	 * kept so is told: see `resumed` of the state `online`, and `unconfirmed` of
	 * `onDropped`. Only with `agentId`.
	 *
	 * @default true
	 */
	readonly resume?: boolean | undefined;
	/**
	 * What to be sent of all that is routed [SUB1]: certain types, or what certain agents send, each a
	 * list in which a `*` at the end stands for anything. Presence, messages to this agent and what
	 * the gateway itself says come in any case. `subscribe` of the client changes it.
	 *
	 * @default null, everything
	 *
	 * @example
	 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
	 *
	 * createMatrixClient({ url, agentId: "ada", subscribe: { types: ["bark", "scene_*"] } });
	 */
	readonly subscribe?: Interest | null | undefined;
	/**
	 * Whether a page that is reloaded goes on where it was: what it has to know, the
	 * session's secret and the messages not yet with the gateway, waits in
	 * sessionStorage from the page's end to its return. The new page gets the retained
	 * messages again [RET], and then what came meanwhile. Only with `agentId` and
	 * `resume`; without a sessionStorage it does nothing.
	 *
	 * @default false
	 */
	readonly keepSession?: boolean | undefined;
	/**
	 * The `import.meta.hot` of the module whose run makes the client. In development Vite runs a
	 * module again when it or something that it imports is edited: the new run's client then
	 * takes the place of those of the run before, which are disposed of with all their
	 * listeners. Without it each edit would leave one more connection. In a build, and where
	 * there is no Vite, it is undefined and does nothing. A client that is made in a hook of
	 * a component is disposed of there instead.
	 *
	 * @example
	 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
	 *
	 * const client = createMatrixClient({ url, hot: import.meta.hot });
	 */
	readonly hot?: HotModule | undefined;
	/** Disposes of the client when it aborts. */
	readonly signal?: AbortSignal | undefined;
	/**
	 * Time and chance, for tests: `createMatrix` of `vite-plugin-matrix-gateway/testing` gives
	 * what a client of its gateway takes, a clock of its own among it.
	 *
	 * @default the real ones
	 */
	readonly clock?: Clock | undefined;
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
	 * How many messages wait while there is no connection, or while the gateway has not
	 * yet confirmed 10,000 messages or 2 MiB before them; past it `send` returns false.
	 * 0: none waits.
	 *
	 * @default 1_000
	 */
	readonly maxQueue?: number | undefined;
	/**
	 * What messages have to be: a schema of any library with Standard Schema, such as
	 * `matrixMessage` of `vite-plugin-matrix-gateway/messages`. It judges at once, not
	 * asynchronously, and whole messages. Of what others say, listeners get what is valid,
	 * as the schema gives it back, with the fields that it does not name; `onInvalid` is
	 * told of the rest. What is to be sent is judged too, and sent as it is; `send` throws
	 * an InvalidMessageError where it is invalid. The gateway's own messages are not judged.
	 *
	 * @default no schema: all messages are handed on as they came
	 *
	 * @example
	 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
	 * import { matrixMessage } from "vite-plugin-matrix-gateway/messages";
	 *
	 * const client = createMatrixClient({ url, schema: matrixMessage });
	 */
	readonly schema?: StandardSchema | undefined;
	/** Told of each message that the schema refuses, as it came, and what is wrong with it. */
	readonly onInvalid?:
		| ((message: MatrixMessage, issues: readonly SchemaIssue[]) => void)
		| undefined;
	/**
	 * Told of each message that was given up:
	 *
	 * - `overflow`: `maxQueue` messages were waiting already.
	 * - `too_large`: it has more bytes than the gateway reads.
	 * - `unconfirmed`: it went out, but the connection ended, the session was not resumed,
	 *   and whether it came is not known [RES4].
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
	readonly resume: boolean;
	/** What to keep the session as across a reload; undefined: not at all. */
	readonly keepAs: string | undefined;
	/** Undefined where that is not said. */
	readonly subscribe: Interest | null | undefined;
	readonly hot: HotModule | undefined;
	readonly signal: AbortSignal | undefined;
	readonly clock: Clock;
	readonly schema: StandardSchema | undefined;
	/** Does not throw. */
	onInvalid(message: MatrixMessage, issues: readonly SchemaIssue[]): void;
	/** Does not throw. */
	onDropped(message: OutgoingMessage, reason: DropReason): void;
}

/** Fills in the defaults. Throws where there is no address or no WebSocket to connect with. */
export function toSettings(options: MatrixClientOptions): Settings {
	const url = toSocketUrl(options.url, options.world);
	const { agentId, keepSession = false } = options;
	const resume = agentId !== undefined && (options.resume ?? true);
	return {
		url,
		agent: toAgent(options),
		resume,
		keepAs: resume && keepSession ? `${agentId} ${url}` : undefined,
		token: options.token,
		WebSocket: toWebSocket(options.WebSocket),
		backoff: { ...DEFAULTS.backoff, ...options.backoff },
		connectTimeout: options.connectTimeout ?? DEFAULTS.connectTimeout,
		maxQueue: options.maxQueue ?? DEFAULTS.maxQueue,
		subscribe: options.subscribe,
		hot: options.hot,
		signal: options.signal,
		clock: options.clock ?? REAL_CLOCK,
		schema: options.schema,
		onInvalid: (message, issues) =>
			attempt(() => options.onInvalid?.(message, issues)),
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
