/** What belongs to one upgrade. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Server } from "ws";
import type { Access, AccessOptions } from "./access.ts";
import type {
	ConnectionCounts,
	ConnectionLimits,
	LimitOptions,
} from "./connection-limits.ts";
import type { GatewayWebSocket } from "./socket.ts";
import type { Answer } from "./upgrade-answers.ts";
import type { Worlds } from "./worlds.ts";

/** An upgrade that was refused, for a log. But for `error` it holds no token, path or query. */
export interface RefusedUpgrade {
	/**
	 * The HTTP status; or the close code where the WebSocket was accepted only to be closed: 4001 or
	 * 4101 [CON4], 4003 [WLD4], or 1011 for an error of the gateway's own [ERR3].
	 */
	readonly status: number;
	readonly reason: string;
	/** What the request is called, also in its answer [HTTP5]. */
	readonly requestId: string;
	/** The world that was asked for, unless it was `default`, or a text that is no name. */
	readonly world?: string;
	/** The name of its grant, where it has one and that was looked at. */
	readonly name?: string;
	readonly remoteAddress: string | undefined;
	/** Scheme, host and port alone, up to 200 characters; `malformed` where it had none. */
	readonly origin: string | undefined;
	/** The host that was asked for, with its port if it had one; `malformed` where it was none. */
	readonly host: string | undefined;
	/**
	 * What was thrown, where that is why: by the host's own function, most likely. It may hold
	 * what that put there.
	 */
	readonly error?: unknown;
}

/** Who may connect, and who is told of those that may not. */
export interface UpgradeOptions extends AccessOptions, LimitOptions {
	/**
	 * Told of each refusal, for a log, but neither of the 503 while the gateway shuts down nor of
	 * handshakes that break RFC 6455 (400, 405). What it throws is dropped.
	 */
	readonly onRefused?: (refused: RefusedUpgrade) => void;
}

/** One upgrade, and all that answers it. */
export interface Upgrade {
	readonly request: IncomingMessage;
	readonly socket: Duplex;
	readonly head: Buffer;
	readonly webSockets: Server<typeof GatewayWebSocket>;
	readonly answer: Answer;
	readonly worlds: Worlds;
	/** That of the world that is asked for, or what stands in its place. */
	readonly name: string;
	readonly options: UpgradeOptions & Access;
	readonly limits: ConnectionLimits;
	readonly counts: ConnectionCounts;
}
