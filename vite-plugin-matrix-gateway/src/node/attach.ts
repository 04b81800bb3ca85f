/** The gateway on an HTTP server's `upgrade` [CON]. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Server, WebSocketServer } from "ws";
import type { Gateway } from "../core/gateway.ts";
import { MAX_TIMER } from "../core/protocol/options.ts";
import { DEFAULTS, SUBPROTOCOL } from "../core/protocol/protocol.ts";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import { type Access, openAccess } from "./access.ts";
import { NEGOTIATION } from "./compression.ts";
import { countsOf, resolveLimits } from "./connection-limits.ts";
import { takeTurns } from "./connection-turns.ts";
import type { Hub } from "./hub.ts";
import { claimPaths, isClaimed } from "./path-claims.ts";
import { refuseUpgrade } from "./refusals.ts";
import { checkPath, pathOf } from "./request.ts";
import { GatewayWebSocket } from "./socket.ts";
import { type UpgradeOptions, upgrade } from "./upgrade.ts";
import { createAnswering } from "./upgrade-answers.ts";
import { answerPlainly, asksForWebSocket } from "./upgrade-as-request.ts";
import { nameBelow } from "./world-paths.ts";
import { hasWorlds, type Worlds, worldsOf } from "./worlds.ts";

/** Where the gateway listens, and who may connect. */
export interface AttachOptions extends UpgradeOptions {
	/**
	 * The paths of the WebSocket, exact, and written as requests send them [CON1]. Those of a hub's
	 * worlds are one segment below each of them [WLD1].
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
 * Lets a gateway, or a hub with its worlds, answer the upgrades of a server. Returns what takes it off again; the
 * connections that it has stay.
 * @throws TypeError when options contradict each other, or no request can have one of the paths,
 *   no page one of the allowed origins, or no server one of the allowed hosts.
 * @throws RangeError when a number is out of range.
 * @throws TokensError when the file of tokens is not what it has to be.
 * @throws Error when another gateway answers one of the paths on this server.
 */
export function attach(
	server: UpgradeServer,
	target: Gateway | Hub,
	options: AttachOptions = {},
): () => void {
	const { paths = [DEFAULTS.path], otherUpgrades = "ignore" } = options;
	for (const path of paths) checkPath(path);
	const limits = resolveLimits(options);
	const access = openAccess(options, target);
	const giveBack = claimOrLeave(server, paths, access);
	const worlds = worldsOf(target);
	const counts = countsOf(worlds);
	const webSockets = createWebSocketServer(worlds);
	const answering = createAnswering(worlds.flushWindow);
	const turns = takeTurns(server);

	/** The world that a path asks for, or what stands in its place; undefined for a path of others. */
	function nameAt(path: string): string | undefined {
		if (paths.includes(path)) return DEFAULT_WORLD;
		// Who has said that it answers just this path does.
		if (!hasWorlds(target) || isClaimed(server, path)) return undefined;
		const name = nameBelow(paths, path);
		// All paths of a server may be below a slash.
		const isKnown = !paths.includes("/") || worlds.has(name ?? "");
		return isKnown ? name : undefined;
	}

	const listener: UpgradeListener = (request, socket, head) => {
		// Its socket may stand in another's place, as where the upgrade has a body.
		turns.upgraded(request.socket);
		const name = nameAt(pathOf(request));
		const attempt = {
			request,
			socket,
			head,
			webSockets,
			answer: answering.answer,
			worlds,
			name: name ?? DEFAULT_WORLD,
			options: access,
			limits,
			counts,
		};
		const isWebSocket = asksForWebSocket(request);
		const isOurs = name !== undefined;
		// Nobody waits for it, so what it throws would end the process.
		if (isOurs && isWebSocket)
			upgrade(attempt).catch((error) =>
				refuseUpgrade(attempt, 503, "unexpected error, try again", error),
			);
		else if (otherUpgrades === "refuse" && isWebSocket)
			refuseUpgrade(attempt, 404, "no WebSocket at this path");
		else if (isOurs || server.listenerCount("upgrade") === 1)
			answerPlainly(server, request, socket, head);
	};
	server.on("upgrade", listener);
	return () => {
		turns.end();
		server.off("upgrade", listener);
		answering.stop();
		giveBack();
		access.leave();
	};
}

function claimOrLeave(
	server: UpgradeServer,
	paths: readonly string[],
	access: Access,
): () => void {
	try {
		return claimPaths(server, paths);
	} catch (error) {
		access.leave();
		throw error;
	}
}

function createWebSocketServer({
	maxPayload,
	compresses,
}: Worlds): Server<typeof GatewayWebSocket> {
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
