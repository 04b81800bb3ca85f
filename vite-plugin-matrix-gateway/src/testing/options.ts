import type { MatrixClient, MatrixClientOptions } from "../client/index.ts";
import type { GatewayStatus } from "../core/edge/status.ts";
import type { GatewayOptions } from "../core/protocol/options.ts";
import type { TraceEntry } from "./network.ts";

/** What `createMatrix` takes. */
export interface MatrixOptions {
	/**
	 * Decides all that is left to chance: ids, the waits before clients come back, and what `disturb`
	 * does. The same seed gives the same trace.
	 * @default 1
	 */
	readonly seed?: number;
	/**
	 * How the gateway behaves, as in `createGateway`. Broadcasts wait for nothing on a clock that
	 * stands still, so there is no `flushWindow`.
	 * @default {}
	 */
	readonly gateway?: Omit<GatewayOptions, "flushWindow">;
}

/** What goes wrong by itself, at times that the seed decides. Durations are milliseconds. */
export interface Disturbance {
	/**
	 * How long what is sent takes, either way: so much, or something between both. A connection
	 * keeps its order.
	 * @default 0
	 */
	readonly delay?: number | readonly [least: number, most: number];
	/**
	 * Cuts a connection, on average so often; what is on its way is lost.
	 * @default never
	 */
	readonly dropEvery?: number;
	/**
	 * Restarts the gateway, on average so often, every other time without a word. The world is kept.
	 * @default never
	 */
	readonly restartEvery?: number;
}

/** How the gateway restarts. */
export interface RestartOptions {
	/**
	 * Whether it ends without a word, as by `kill -9`; else it tells everyone.
	 * @default false
	 */
	readonly crash?: boolean;
	/**
	 * Whether the next one begins with nothing, as one without `data` does; else it has the world,
	 * and clients go on where they were.
	 * @default false
	 */
	readonly forget?: boolean;
}

/** A gateway in memory, with the network to it and the clock of both. */
export interface Matrix {
	/** What a client of this gateway takes, before what else it is given. */
	readonly client: Readonly<
		Pick<MatrixClientOptions, "url" | "WebSocket" | "clock" | "signal">
	>;
	/** Milliseconds since 1970, of the virtual clock. It moves only within what returns a promise here. */
	readonly now: number;
	/** All that went over all connections, in order. */
	readonly trace: readonly TraceEntry[];
	/** The texts of what is retained, in the order in which newcomers get them. */
	readonly retained: readonly string[];
	/** Who is there, and what was counted. Throws while the gateway restarts. */
	status(): GatewayStatus;
	/**
	 * Lets time pass until nothing is on its way, and every client is online that wants to be, even if
	 * it has to wait for that first. What waits for a timer of another kind, or for something outside of
	 * this gateway, is not waited for.
	 * @throws Error, asynchronously, where an hour of the virtual clock is not enough.
	 */
	settled(): Promise<void>;
	/** Lets so many milliseconds pass, with all that happens in them. */
	pass(milliseconds: number): Promise<void>;
	/**
	 * Lets time pass until a promise is settled, as that of a client's `request`, and gives its value.
	 * @throws what it is rejected with; Error where an hour of the virtual clock is not enough.
	 */
	until<Value>(promise: Promise<Value>): Promise<Value>;
	/** Cuts the connection of a client, or all; clients come back by themselves. */
	drop(client?: Pick<MatrixClient, "connectionId">): void;
	/** Ends the gateway and begins another one; clients come back by themselves. */
	restart(options?: RestartOptions): Promise<void>;
	/** From here on this goes wrong, in place of what did before; with `{}` nothing more. */
	disturb(disturbance: Disturbance): void;
	/** Disposes of all clients, and ends the gateway. */
	close(): Promise<void>;
}
