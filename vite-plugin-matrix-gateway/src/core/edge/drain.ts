/** The way out for everyone: a gateway that shuts down or restarts [SH]. */
import { message, type Part } from "../protocol/gateway-messages.ts";
import { checkAmount } from "../protocol/options.ts";
import { CLOSE, type CloseStatus, DEFAULTS } from "../protocol/protocol.ts";
import type { Command } from "../world/command.ts";
import { cutSnapshot, type WorldSnapshot } from "../world/snapshot.ts";
import type { WorldState } from "../world/state.ts";
import type { Closer } from "./close.ts";
import { isOpen } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { Flusher } from "./flusher.ts";
import { forWire } from "./framing.ts";
import type { Host } from "./host.ts";
import type { Outbox } from "./outbox.ts";

/** How a gateway shuts down [SH]. */
export interface ShutdownOptions {
	/**
	 * `shutdown` closes with 1001; `restart`, after which the same address answers again, with 1012.
	 * @default "shutdown"
	 */
	readonly reason?: "shutdown" | "restart";
	/**
	 * Milliseconds over which clients are asked to spread their return.
	 * @default 1_000
	 */
	readonly reconnectAfter?: number;
	/**
	 * Milliseconds to wait for the closing handshakes before the rest is cut off.
	 * @default 5_000
	 */
	readonly timeout?: number;
}

/**
 * Fills in the defaults.
 * @throws RangeError that names the option, when it is none that can be.
 */
export function resolveShutdown({
	reason = "shutdown",
	reconnectAfter = DEFAULTS.reconnectAfter,
	timeout = DEFAULTS.shutdownTimeout,
}: ShutdownOptions = {}): Required<ShutdownOptions> {
	if (reason !== "shutdown" && reason !== "restart")
		throw new RangeError(
			`reason is shutdown or restart, but ${String(reason)} was given`,
		);
	return {
		reason,
		reconnectAfter: checkAmount("reconnectAfter", reconnectAfter),
		timeout: checkAmount("timeout", timeout),
	};
}

/** What draining needs. */
export interface DrainerParts {
	readonly host: Host;
	readonly connections: Connections;
	readonly world: WorldState;
	readonly outbox: Outbox;
	readonly flusher: Flusher;
	readonly closer: Closer;
	/** Whether the gateway's state is broken: then everyone is closed already [ERR3]. */
	isBroken(): boolean;
	encode(...parts: readonly Part[]): Uint8Array;
	append(command: Command): void;
}

/**
 * What ends with a gateway: its `world`, and all sessions; this `node` of it, while others have the
 * world; or `nothing`, since another goes on as if it were this one.
 */
export type Ending = "world" | "node" | "nothing";

export interface Drainer {
	/** The close that newcomers get, once the gateway shuts down [SH1]. */
	status(): CloseStatus | undefined;
	/** Whether others go on with the world from here: it hears of nothing more. */
	hasLeft(): boolean;
	/** What these go on with; undefined where the state is broken. */
	left(): WorldSnapshot | undefined;
	/** Tells everyone, closes everyone, and resolves when all sockets are gone. */
	drain(options: Required<ShutdownOptions>, ending: Ending): Promise<void>;
	/** Closes everyone, since others went on without it, and resolves when all sockets are gone [SH6]. */
	end(): Promise<void>;
	/** The world knows, and has told the agents: all are closed. */
	drained(): void;
	/** The state broke: all that is left to wait for is the sockets' end. */
	broken(): void;
}

export function createDrainer(parts: DrainerParts): Drainer {
	const { host, connections, world, outbox, flusher, closer } = parts;
	const { encode, append } = parts;
	let status: CloseStatus | undefined;
	let hasLeft = false;
	let left: WorldSnapshot | undefined;
	let closeAll: (() => void) | undefined;
	let giveUp: (() => void) | undefined;

	/** Those whom the world does not know. */
	function tellViewers(frame: Uint8Array): void {
		for (const connection of connections.all())
			if (isOpen(connection) && !world.peers.has(connection.id))
				outbox.direct(connection, forWire(host, connection.socket, frame));
	}

	function leave(): void {
		hasLeft = true;
		left = parts.isBroken() ? undefined : cutSnapshot(world);
	}

	/** Calls back when all sockets are gone, or have had their time. */
	function whenEmpty(timeout: number, callback: () => void): void {
		const stopTimer = host.setTimer(() => {
			for (const { socket } of connections.all()) socket.terminate();
			callback();
		}, timeout);
		connections.whenEmpty(() => {
			stopTimer();
			callback();
		});
	}

	return {
		status: () => status,
		hasLeft: () => hasLeft,
		left: () => left,
		end() {
			status = CLOSE.restart;
			hasLeft = true;
			for (const connection of [...connections.all()])
				closer.close(connection, CLOSE.restart);
			return new Promise((resolve) => {
				if (giveUp) giveUp();
				else connections.whenEmpty(resolve);
			});
		},
		drain({ reason, reconnectAfter, timeout }, ending) {
			const close = CLOSE[reason];
			status = close;
			const type = "gateway_shutdown";
			const after = { reconnectAfter: reconnectAfter / 1000 };
			const frame = encode(message({ type, reason, ...after }));
			return new Promise((resolve) => {
				giveUp = () => connections.whenEmpty(resolve);
				let stopWaiting: (() => void) | undefined;
				let isClosing = false;
				closeAll = () => {
					if (isClosing) return;
					isClosing = true;
					stopWaiting?.();
					tellViewers(frame);
					flusher.flush();
					// The ends of its connections are no news: whoever goes on counts them as ended.
					if (ending === "nothing") leave();
					for (const connection of connections.all())
						closer.close(connection, close, timeout);
					append({ type: "down" });
					whenEmpty(timeout, resolve);
				};
				if (parts.isBroken()) giveUp();
				else append({ type: "drain", frame, isFinal: ending === "world" });
				// An order that has stopped holds up nobody's end [SH2].
				if (!isClosing) stopWaiting = host.setTimer(closeAll, timeout);
			});
		},
		drained: () => closeAll?.(),
		broken: () => giveUp?.(),
	};
}
