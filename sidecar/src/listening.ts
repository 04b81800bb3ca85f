/** The HTTP server, and why it may not listen. */
import type { Server } from "node:http";
import {
	type AddressInfo,
	createServer as createTcpServer,
	type Server as TcpServer,
} from "node:net";
import { type H3, serve } from "h3";
import { ExitError } from "./errors.ts";
import type { Address, Place } from "./places.ts";
import type { Certificate } from "./tls-files.ts";

/** The address is not to be had. */
export class ListenError extends ExitError {}

/** A server that does not listen yet, so that its listeners are there before its first client. */
export interface Listener {
	readonly server: Server;
	/**
	 * Resolves to the addresses at which it listens.
	 * @throws ListenError
	 */
	listen(
		places: readonly [Place, ...Place[]],
	): Promise<[AddressInfo, ...AddressInfo[]]>;
	/**
	 * Accepts nothing more from sockets that were handed to this process: who comes waits there for the
	 * next one. Its own stay open, to tell who comes that it ends.
	 */
	leaveHanded(): void;
	/** Closes idle connections at once, and resolves when the others are done. */
	close(): Promise<void>;
}

export interface ListenOptions {
	/** TLS is spoken where there is one. */
	readonly certificate: Certificate | undefined;
	/** Milliseconds that a client has to send its request; 0 is for ever. */
	readonly upgradeTimeout: number;
}

/** Puts an app on an HTTP server. */
export function createListener(
	app: H3,
	{ certificate, upgradeTimeout }: ListenOptions,
): Listener {
	const served = serve(app, {
		node: {
			keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
			...timesFor(upgradeTimeout),
			...{ http2: false, handshakeTimeout: HANDSHAKE_TIMEOUT },
		},
		...(certificate && { tls: certificate }),
		manual: true,
		silent: true,
		// Its own would wait for WebSockets that nobody closes.
		gracefulShutdown: false,
	});
	const server = served.node?.server as Server;
	const entrances: TcpServer[] = [];
	const handed: TcpServer[] = [];

	/** One more place of the same server: what connects there is handed to it. */
	function createEntrance(place: Place): TcpServer {
		const options = { allowHalfOpen: !certificate, noDelay: true };
		const entrance = createTcpServer(options, (socket) =>
			server.emit("connection", socket),
		);
		("fd" in place ? handed : entrances).push(entrance);
		return entrance;
	}

	return {
		server,
		async listen([first, ...others]) {
			const main = "fd" in first ? createEntrance(first) : server;
			await listenAt(main, first);
			const bound = addressOf(main);
			const addresses: [AddressInfo, ...AddressInfo[]] = [bound];
			for (const place of others) {
				const entrance = createEntrance(place);
				const there = "fd" in place ? place : { ...place, port: bound.port };
				if (await listenAt(entrance, there))
					addresses.push(addressOf(entrance));
			}
			return addresses;
		},
		leaveHanded() {
			for (const entrance of handed) entrance.close();
		},
		async close() {
			const ends = [server, ...entrances, ...handed].map(
				(each) => new Promise((resolve) => each.close(resolve)),
			);
			server.closeIdleConnections();
			await Promise.all(ends);
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

/** Milliseconds for a client to agree on TLS; Node's own two minutes are for who means harm. */
const HANDSHAKE_TIMEOUT = 10_000;

/** The flags by which an operator has chosen an address and a port. */
export interface PlaceFlags {
	readonly host: string;
	readonly port: string;
}

const FLAGS: PlaceFlags = { host: "--host", port: "--port" };

/**
 * Has a server listen. False where the machine has no such address, and need not have.
 * @throws ListenError
 */
export function listenAt(
	server: TcpServer,
	place: Place,
	flags = FLAGS,
): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException) => {
			if ("fd" in place) reject(new ListenError(notHanded(place.fd, error)));
			else if (place.isOptional && MISSING.has(error.code)) resolve(false);
			else reject(new ListenError(explain(error, place, flags)));
		};
		server.once("error", fail);
		server.listen({ ...place, backlog: BACKLOG }, () => {
			server.off("error", fail);
			resolve(true);
		});
	});
}

/** What a machine answers that has no IPv6. */
const MISSING: ReadonlySet<string | undefined> = new Set([
	"EADDRNOTAVAIL",
	"EAFNOSUPPORT",
	"EINVAL",
]);

function addressOf(server: TcpServer): AddressInfo {
	const address = server.address();
	if (address && typeof address === "object") return address;
	// A socket of the file system, which systemd may hand over.
	return { address: String(address), family: "unix", port: 0 };
}

function notHanded(fd: number, { message }: Error): string {
	return `LISTEN_FDS: file descriptor ${fd} is no socket that listens: ${message}`;
}

function explain(
	{ code, message }: NodeJS.ErrnoException,
	{ host, port }: Address,
	flags: PlaceFlags,
): string {
	switch (code) {
		case "EADDRINUSE":
			return `${flags.port}: port ${port} on ${host} is already in use`;
		case "EACCES":
			return `${flags.port}: no permission to listen on port ${port} of ${host}`;
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `${flags.host}: ${host} is no address of this machine (${code})`;
		default:
			return `${flags.port}, ${flags.host}: cannot listen on port ${port} of ${host}: ${message}`;
	}
}
