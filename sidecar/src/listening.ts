/** The HTTP server, and why it may not listen. */
import type { Server } from "node:http";
import { type H3, serve } from "h3";
import { ExitError } from "./errors.ts";

/** The address is not to be had. */
export class ListenError extends ExitError {}

/** A server that does not listen yet, so that its listeners are there before its first client. */
export interface Listener {
	readonly server: Server;
	/** @throws ListenError */
	listen(): Promise<void>;
}

export interface ListenOptions {
	readonly host: string;
	readonly port: number;
	/** Milliseconds that a client has to send its request; 0 is for ever. */
	readonly upgradeTimeout: number;
}

/** Puts an app on an HTTP server for an address. */
export function createListener(
	app: H3,
	{ host, port, upgradeTimeout }: ListenOptions,
): Listener {
	const served = serve(app, {
		hostname: host,
		port,
		node: {
			backlog: BACKLOG,
			keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
			...timesFor(upgradeTimeout),
		},
		manual: true,
		silent: true,
		// Its own would wait for WebSockets that nobody closes.
		gracefulShutdown: false,
	});
	return {
		// Without a certificate srvx makes no other kind of server.
		server: served.node?.server as Server,
		async listen() {
			try {
				await served.serve();
			} catch (error) {
				throw new ListenError(explain(error as Error, host, port));
			}
		},
	};
}

/**
 * Connections that wait to be accepted; the operating system may allow fewer. With Node's 511 the
 * last of 3,000 clients that come back at once wait for a second, until they ask again.
 */
const BACKLOG = 4096;

/**
 * A proxy that keeps its connections for a minute, as nginx and AWS' balancers do, sends its next
 * request on one that Node has just closed after its own 5 s, and answers 502. So ours are kept for
 * longer.
 */
const KEEP_ALIVE_TIMEOUT = 75_000;

/** From the connection, or from a request's first byte, to its last one; idle connections do not count. */
function timesFor(upgradeTimeout: number) {
	return {
		headersTimeout: upgradeTimeout,
		requestTimeout: upgradeTimeout,
		// Node looks each 30 s by itself, at those connections alone that are not idle.
		connectionsCheckingInterval:
			Math.min(5_000, Math.ceil(upgradeTimeout / 4)) || 30_000,
	};
}

function explain(
	{ code, message }: NodeJS.ErrnoException,
	host: string,
	port: number,
): string {
	switch (code) {
		case "EADDRINUSE":
			return `port ${port} on ${host} is already in use`;
		case "EACCES":
			return `no permission to listen on port ${port} of ${host}`;
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `${host} is no address of this machine (${code})`;
		default:
			return `cannot listen on port ${port} of ${host}: ${message}`;
	}
}
