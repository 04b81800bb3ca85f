/** One upgrade's way, to a connection of the gateway or to a refusal [CON]. */
import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Server } from "ws";
import type { Gateway } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { isOnList } from "../core/protocol/names.ts";
import { CLOSE, type CloseStatus } from "../core/protocol/protocol.ts";
import { DEFAULT_WORLD, isWorldName } from "../core/protocol/world-name.ts";
import { type Access, type AccessOptions, judgeUpgrade } from "./access.ts";
import { dropOffers, keepUsableOffer } from "./compression.ts";
import {
	type ConnectionCounts,
	type ConnectionLimits,
	countSocket,
	countToken,
	type LimitOptions,
	type NoRoom,
} from "./connection-limits.ts";
import { quietly } from "./quietly.ts";
import { addressOf, askedHostOf, pageOf } from "./request.ts";
import type { GatewayWebSocket } from "./socket.ts";
import type { Answer } from "./upgrade-answers.ts";
import { NO_WORLD, type Worlds } from "./worlds.ts";

/** An upgrade that was refused, for a log. But for `error` it holds no token, path or query. */
export interface RefusedUpgrade {
	/**
	 * The HTTP status; or the close code where the WebSocket was accepted only to be closed: 4001 or
	 * 4101 [CON4], 4003 [WLD4], or 1011 for an error of the gateway's own [ERR3].
	 */
	readonly status: number;
	readonly reason: string;
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

/** Lets a peer in, or says why not, in the time that there is for it. */
export async function upgrade(attempt: Upgrade): Promise<void> {
	const { socket, limits } = attempt;
	// A peer that resets now would otherwise throw in the server's process.
	socket.on("error", ignore);
	const late = () => refuseUpgrade(attempt, 503, "it took too long, try again");
	const timer =
		limits.upgradeTimeout > 0
			? setTimeout(late, limits.upgradeTimeout).unref()
			: undefined;
	try {
		await judge(attempt);
	} finally {
		clearTimeout(timer);
	}
}

async function judge(attempt: Upgrade): Promise<void> {
	const { request, socket, options, worlds, name, counts, limits } = attempt;
	if (!worlds.has(name)) return refuseUpgrade(attempt, 404, NO_WORLD);
	if (isDraining(attempt)) return refuse(socket, 503);
	// Before anything that costs, since it is there for who costs too much.
	const address = addressOf(request, options.proxies);
	const noRoom = countSocket(socket, address, counts, limits);
	if (noRoom) return refuseForNow(attempt, noRoom);
	const verdict = await judgeUpgrade(request, options);
	if (isAnswered(socket)) return;
	if (isDraining(attempt)) return refuse(socket, 503);
	if ("allow" in verdict) await admit(attempt, verdict.allow);
	else if (verdict.isExpired) turnAway(attempt, CLOSE.tokenExpired);
	else if (verdict.status === 401) turnAway(attempt, CLOSE.unauthorized);
	else refuseUpgrade(attempt, verdict.status, verdict.reason, verdict.error);
}

function isDraining({ worlds, name }: Upgrade): boolean {
	return worlds.draining || (worlds.gateways.get(name)?.draining ?? false);
}

/** Lets a peer into the world that it asks for, if its grant does. */
async function admit(attempt: Upgrade, judged: Grant): Promise<void> {
	const { socket, worlds, name, options, counts, limits } = attempt;
	if (!isOnList(judged.worlds, name))
		return turnAway(attempt, CLOSE.forbidden, judged);
	const noRoom = countToken(socket, judged.key, counts, limits);
	if (noRoom) return refuseForNow(attempt, noRoom, judged);
	const entered = await worlds.enter(name);
	if (isAnswered(socket)) return;
	// Whose grant has changed meanwhile is no connection yet, of which that would be told.
	const grant = options.current(judged);
	if (isDraining(attempt)) refuse(socket, 503);
	else if (!grant) turnAway(attempt, CLOSE.unauthorized);
	else if (!isOnList(grant.worlds, name))
		turnAway(attempt, CLOSE.forbidden, grant);
	else if ("open" in entered) letIn(attempt, entered, grant);
	else refuseUpgrade(attempt, entered.status, entered.reason, entered.error);
}

/** Whether its time was over meanwhile. */
function isAnswered(socket: Duplex): boolean {
	return socket.writableEnded;
}

/** Seconds after which who finds no room may ask again. */
const RETRY_AFTER = 5;

function refuseForNow(
	attempt: Upgrade,
	{ status, reason }: NoRoom,
	grant?: Grant,
): void {
	refuse(attempt.socket, status, reason, [`Retry-After: ${RETRY_AFTER}`]);
	tellRefused(attempt, { status, reason, ...nameOf(grant) });
}

/** Answers an upgrade with an HTTP status, and tells the host. */
export function refuseUpgrade(
	attempt: Upgrade,
	status: number,
	reason: string,
	error?: unknown,
): void {
	refuse(attempt.socket, status, reason);
	tellRefused(attempt, {
		status,
		reason,
		...(error !== undefined && { error }),
	});
}

function refuse(
	socket: Duplex,
	status: number,
	reason = "",
	headers: readonly string[] = [],
): void {
	socket.on("error", ignore);
	socket.once("finish", () => socket.destroy());
	const lines = [
		`HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
		"Connection: close",
		...headers,
		"Content-Type: text/plain;charset=UTF-8",
		`Content-Length: ${Buffer.byteLength(reason)}`,
	];
	socket.end(`${lines.join("\r\n")}\r\n\r\n${reason}`);
}

function letIn(attempt: Upgrade, gateway: Gateway, grant: Grant): void {
	const { request, socket, answer } = attempt;
	keepUsableOffer(request.headers);
	answer(socket, () =>
		complete(attempt, (webSocket) => {
			try {
				webSocket.connect(gateway, socket, grant);
			} catch (error) {
				// It was answered, so no HTTP status can follow.
				sendAway(attempt, webSocket, CLOSE.internalError, { error });
			}
		}),
	);
}

/** A browser cannot see an HTTP status, so what its token is worth is told by a close code [CON4, WLD4]. */
function turnAway(attempt: Upgrade, close: CloseStatus, grant?: Grant): void {
	dropOffers(attempt.request.headers);
	// Who is to be cut off soon is not to wait for its answer.
	complete(attempt, (webSocket) =>
		sendAway(attempt, webSocket, close, nameOf(grant)),
	);
}

/** Closes a WebSocket that is nobody's connection. */
function sendAway(
	attempt: Upgrade,
	webSocket: GatewayWebSocket,
	{ code, reason }: CloseStatus,
	more: Pick<RefusedUpgrade, "name" | "error">,
): void {
	tellRefused(attempt, { status: code, reason, ...more });
	webSocket.on("error", ignore);
	webSocket.confine(attempt.worlds, attempt.socket);
	webSocket.cutOff(attempt.worlds.closeTimeout);
	webSocket.close(code, reason);
}

function complete(
	{ request, socket, head, webSockets }: Upgrade,
	accept: (webSocket: GatewayWebSocket) => void,
): void {
	webSockets.handleUpgrade(request, socket, head, (webSocket) => {
		socket.off("error", ignore);
		accept(webSocket);
	});
}

function nameOf(grant: Grant | undefined): Pick<RefusedUpgrade, "name"> {
	return grant?.name === undefined ? {} : { name: grant.name };
}

/** What is known beside the request. */
type Reason = Pick<RefusedUpgrade, "status" | "reason" | "name" | "error">;

function tellRefused(
	{ request, options, name, counts: { refused } }: Upgrade,
	{ status, reason, ...more }: Reason,
): void {
	refused.set(status, (refused.get(status) ?? 0) + 1);
	const isNamed = name !== DEFAULT_WORLD && isWorldName(name);
	quietly(() =>
		options.onRefused?.({
			status,
			reason,
			...(isNamed && { world: name }),
			remoteAddress: addressOf(request, options.proxies),
			origin: pageOf(request),
			host: askedHostOf(request, options.proxies),
			...more,
		}),
	);
}

function ignore(): void {}
