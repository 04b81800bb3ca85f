/** The gateway on an HTTP server's `upgrade` [CON]. */
import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Server, WebSocketServer } from "ws";
import type { Gateway } from "../core/gateway.ts";
import { MAX_TIMER } from "../core/options.ts";
import { CLOSE, DEFAULTS, SUBPROTOCOL } from "../core/protocol.ts";
import {
	type AccessOptions,
	checkAccessOptions,
	judgeUpgrade,
} from "./access.ts";
import { type Answer, createAnswering } from "./answering.ts";
import { claimPaths } from "./claims.ts";
import { keepUsableOffer, NEGOTIATION } from "./compression.ts";
import { answerPlainly, asksForWebSocket } from "./plain.ts";
import { addressOf, pathOf } from "./request.ts";
import { GatewayWebSocket } from "./socket.ts";

/** An upgrade that was refused, for a log. It holds no token, path or query. */
export interface RefusedUpgrade {
	/** The HTTP status, or 4001 where the WebSocket was accepted only to be closed [CON4]. */
	readonly status: number;
	readonly reason: string;
	readonly remoteAddress: string | undefined;
	/** As it was sent, up to 200 characters. */
	readonly origin: string | undefined;
}

/** Where the gateway listens, and who may connect. */
export interface AttachOptions extends AccessOptions {
	/**
	 * The paths of the WebSocket, exact [CON1].
	 * @default ["/ws/matrix"]
	 */
	readonly paths?: readonly string[];
	/**
	 * What becomes of WebSockets on other paths: `ignore` leaves them to others who listen on
	 * the same server, `refuse` answers 404 [CON1]. What nobody listens for is answered as the
	 * ordinary request that it is as well.
	 * @default "ignore"
	 */
	readonly otherUpgrades?: "ignore" | "refuse";
	/** Told of each refusal, for a log. What it throws is dropped. */
	readonly onRefused?: (refused: RefusedUpgrade) => void;
}

/** Any server that emits `upgrade`: http, https, or http2 with HTTP/1 allowed. */
export interface UpgradeServer {
	on(event: "upgrade", listener: UpgradeListener): unknown;
	off(event: "upgrade", listener: UpgradeListener): unknown;
	listenerCount(event: "upgrade"): number;
	emit(event: string, socket: Duplex): boolean;
}

/** Node's signature of an `upgrade` listener. */
export type UpgradeListener = (
	request: IncomingMessage,
	socket: Duplex,
	head: Buffer,
) => void;

/**
 * Lets a gateway answer the upgrades of a server. Returns what takes it off again; the
 * connections that it has stay.
 * @throws TypeError when options contradict each other.
 * @throws Error when another gateway answers one of the paths on this server.
 */
export function attach(
	server: UpgradeServer,
	gateway: Gateway,
	options: AttachOptions = {},
): () => void {
	checkAccessOptions(options);
	const { paths = [DEFAULTS.path], otherUpgrades = "ignore" } = options;
	const giveBack = claimPaths(server, paths);
	const webSockets = createWebSocketServer(gateway);
	const answer = createAnswering(gateway.flushWindow);
	const listener: UpgradeListener = (request, socket, head) => {
		const attempt = {
			request,
			socket,
			head,
			webSockets,
			answer,
			gateway,
			options,
		};
		const isWebSocket = asksForWebSocket(request);
		const isOurs = paths.includes(pathOf(request));
		// A host's own callback may throw; that must not end the process.
		if (isOurs && isWebSocket)
			upgrade(attempt).catch(() => refuse(socket, 503));
		else if (otherUpgrades === "refuse" && isWebSocket)
			refuseUpgrade(attempt, 404, "no WebSocket at this path");
		else if (isOurs || server.listenerCount("upgrade") === 1)
			answerPlainly(server, request, socket, head);
	};
	server.on("upgrade", listener);
	return () => {
		server.off("upgrade", listener);
		giveBack();
	};
}

interface Upgrade {
	readonly request: IncomingMessage;
	readonly socket: Duplex;
	readonly head: Buffer;
	readonly webSockets: Server<typeof GatewayWebSocket>;
	readonly answer: Answer;
	readonly gateway: Gateway;
	readonly options: AttachOptions;
}

function createWebSocketServer({
	maxPayload,
	compresses,
}: Gateway): Server<typeof GatewayWebSocket> {
	const options = {
		// Not `{ server, path }`: that one would abort the upgrades of others, Vite's HMR among them.
		noServer: true,
		WebSocket: GatewayWebSocket,
		clientTracking: false,
		perMessageDeflate: compresses && NEGOTIATION,
		maxPayload,
		// The router and `cutOff` know how long to wait for a peer's close frame; a shutdown
		// may wait longer than ws would.
		closeTimeout: MAX_TIMER,
		handleProtocols: (offered: Set<string>) =>
			offered.has(SUBPROTOCOL) ? SUBPROTOCOL : (false as const),
	};
	return new WebSocketServer(options);
}

async function upgrade(attempt: Upgrade): Promise<void> {
	const { request, socket, webSockets, answer, gateway, options } = attempt;
	// A peer that resets now would otherwise throw in the server's process.
	socket.on("error", ignore);
	if (gateway.draining) return refuse(socket, 503);
	const verdict = await judgeUpgrade(request, options);
	if (gateway.draining) return refuse(socket, 503);
	if ("status" in verdict && verdict.status !== 401)
		return refuseUpgrade(attempt, verdict.status, verdict.reason);
	keepUsableOffer(request.headers, "allow" in verdict);
	const accept = (webSocket: GatewayWebSocket) => {
		socket.off("error", ignore);
		if ("allow" in verdict)
			return webSocket.connect(gateway, socket, verdict.allow);
		tellRefused(attempt, CLOSE.unauthorized.code, CLOSE.unauthorized.reason);
		closeUnauthorized(webSocket, gateway.closeTimeout);
	};
	const complete = () =>
		webSockets.handleUpgrade(request, socket, attempt.head, accept);
	// Who is to be cut off soon is not to wait for its answer.
	if ("allow" in verdict) answer(socket, complete);
	else complete();
}

/** A browser cannot see an HTTP status, so a wrong token is told by a close code [CON4]. */
function closeUnauthorized(
	webSocket: GatewayWebSocket,
	closeTimeout: number,
): void {
	webSocket.on("error", ignore);
	webSocket.cutOff(closeTimeout);
	webSocket.close(CLOSE.unauthorized.code, CLOSE.unauthorized.reason);
}

function refuseUpgrade(attempt: Upgrade, status: number, reason: string): void {
	refuse(attempt.socket, status);
	tellRefused(attempt, status, reason);
}

function refuse(socket: Duplex, status: number): void {
	socket.on("error", ignore);
	socket.once("finish", () => socket.destroy());
	socket.end(
		`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
	);
}

function tellRefused(
	{ request, options }: Upgrade,
	status: number,
	reason: string,
): void {
	try {
		options.onRefused?.({
			status,
			reason,
			remoteAddress: addressOf(request, options.trustProxy ?? false),
			origin: request.headers.origin?.slice(0, 200),
		});
	} catch {
		// A log that fails must not take the process with it.
	}
}

function ignore(): void {}
