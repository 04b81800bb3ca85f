/** The way out for everyone: a gateway that shuts down or restarts [SH]. */

import { type Hub, tell } from "../hub.ts";
import { message } from "../protocol/gateway-messages.ts";
import { checkAmount } from "../protocol/options.ts";
import { CLOSE, DEFAULTS } from "../protocol/protocol.ts";
import { closeConnection } from "./close.ts";

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

/** Tells everyone, closes everyone, and resolves when all sockets are gone. */
export async function drain(
	hub: Hub,
	{ reason, reconnectAfter, timeout }: Required<ShutdownOptions>,
): Promise<void> {
	hub.draining = CLOSE[reason];
	const text = message({
		type: "gateway_shutdown",
		reason,
		reconnectAfter: reconnectAfter / 1000,
	});
	for (const connection of hub.connections) tell(hub, connection, text);
	hub.flusher.flush();
	for (const connection of hub.connections)
		closeConnection(hub, connection, CLOSE[reason], { timeout });
	hub.sessions.clear();
	await emptied(hub, timeout);
}

function emptied(hub: Hub, timeout: number): Promise<void> {
	if (hub.connections.size === 0) return Promise.resolve();
	return new Promise((resolve) => {
		const stopTimer = hub.host.setTimer(() => {
			for (const { socket } of hub.connections) socket.terminate();
			resolve();
		}, timeout);
		hub.onEmpty = () => {
			stopTimer();
			resolve();
		};
	});
}
