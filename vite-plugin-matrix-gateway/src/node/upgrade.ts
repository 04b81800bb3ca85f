/** One upgrade's way, to a connection of the gateway or to a refusal [CON]. */
import type { Gateway } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { isOnList } from "../core/protocol/names.ts";
import { CLOSE, type CloseStatus } from "../core/protocol/protocol.ts";
import { judgeUpgrade } from "./access.ts";
import { dropOffers, keepUsableOffer } from "./compression.ts";
import { countSocket, countToken } from "./connection-limits.ts";
import { createRefresh } from "./refresh.ts";
import {
	idHeaderOf,
	nameOf,
	refuse,
	refuseForNow,
	refuseUpgrade,
	tellRefused,
} from "./refusals.ts";
import { addressOf } from "./request.ts";
import type { GatewayWebSocket } from "./socket.ts";
import { countTurnedAway } from "./turned-away.ts";
import type { RefusedUpgrade, Upgrade } from "./upgrade-attempt.ts";
import { itsTurn } from "./upgrade-turns.ts";
import { NO_WORLD } from "./worlds.ts";

export type { RefusedUpgrade, UpgradeOptions } from "./upgrade-attempt.ts";

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
		await begin(attempt);
	} finally {
		clearTimeout(timer);
	}
}

async function begin(attempt: Upgrade): Promise<void> {
	const { request, socket, options, worlds, name, counts, limits } = attempt;
	if (!worlds.has(name)) return refuseUpgrade(attempt, 404, NO_WORLD);
	if (isDraining(attempt)) return refuse(socket, 503);
	// Before anything that costs, since it is there for who costs too much.
	const address = addressOf(request, options.proxies);
	const noRoom = countSocket(socket, address, counts, limits);
	if (noRoom) return refuseForNow(attempt, noRoom);
	await judge(attempt);
}

async function judge(attempt: Upgrade): Promise<void> {
	const { request, socket, options, worlds } = attempt;
	const { regrants } = worlds;
	const verdict = await judgeUpgrade(request, options);
	// Whose peer has gone is told of all the same: why it was refused may be an error of the host's.
	if (socket.writableEnded) return;
	if (isDraining(attempt)) return refuse(socket, 503);
	if ("allow" in verdict) await admit(attempt, verdict.allow, regrants);
	else if (verdict.isExpired) await turnAway(attempt, CLOSE.tokenExpired);
	else if (verdict.status === 401) await turnAway(attempt, CLOSE.unauthorized);
	else refuseUpgrade(attempt, verdict.status, verdict.reason, verdict.error);
}

function isDraining({ worlds, name }: Upgrade): boolean {
	return worlds.draining || (worlds.gateways.get(name)?.draining ?? false);
}

/**
 * Lets a peer into the world that it asks for, if its grant does.
 * @param regrants How often grants had changed before it was judged.
 */
async function admit(
	attempt: Upgrade,
	grant: Grant,
	regrants: number,
): Promise<void> {
	const { socket, worlds, name, counts, limits } = attempt;
	if (!isOnList(grant.worlds, name))
		return turnAway(attempt, CLOSE.forbidden, grant);
	if (worlds.isRevoked(grant)) return turnAway(attempt, CLOSE.unauthorized);
	await itsTurn();
	// Not before: by its turn a world may be another one.
	const entered = await worlds.enter(name);
	if (!goesOn(attempt)) return;
	// What its token allows may be another thing by now, and it was not there to be told.
	if (worlds.isStale(grant, regrants)) return judge(attempt);
	if (!("open" in entered)) {
		const { status, reason, error } = entered;
		return refuseUpgrade(attempt, status, reason, error);
	}
	const noRoom = countToken(socket, grant.key, counts, limits);
	if (noRoom) return refuseForNow(attempt, noRoom, grant);
	letIn(attempt, entered, grant);
}

/** Whether it goes on after a wait: its time may be over by then, its peer gone, or the gateway about to close. */
function goesOn(attempt: Upgrade): boolean {
	const { socket } = attempt;
	if (socket.writableEnded || socket.destroyed) return false;
	if (!isDraining(attempt)) return true;
	refuse(socket, 503);
	return false;
}

function letIn(attempt: Upgrade, gateway: Gateway, grant: Grant): void {
	const { request, socket, answer, counts } = attempt;
	const refresh = createRefresh(attempt, (of, reason, error) =>
		tellRefused({ ...of, counts }, { status: 503, reason, error }),
	);
	keepUsableOffer(request.headers);
	answer(socket, () =>
		complete(attempt, (webSocket) => {
			try {
				webSocket.connect(gateway, socket, grant, refresh);
			} catch (error) {
				// It was answered, so no HTTP status can follow.
				sendAway(attempt, webSocket, CLOSE.internalError, { error });
			}
		}),
	);
}

/** A browser cannot see an HTTP status, so what its token is worth is told by a close code [CON4, WLD4]. */
async function turnAway(
	attempt: Upgrade,
	close: CloseStatus,
	grant?: Grant,
): Promise<void> {
	const { webSockets } = attempt;
	await itsTurn();
	if (!goesOn(attempt)) return;
	const addId = (headers: string[]) => void headers.push(idHeaderOf(attempt));
	webSockets.on("headers", addId);
	dropOffers(attempt.request.headers);
	// Who is to be cut off soon is not to wait for its answer.
	complete(attempt, (webSocket) =>
		sendAway(attempt, webSocket, close, nameOf(grant)),
	);
	webSockets.off("headers", addId);
}

/** Closes a WebSocket that is nobody's connection. */
function sendAway(
	attempt: Upgrade,
	webSocket: GatewayWebSocket,
	{ code, reason }: CloseStatus,
	more: Pick<RefusedUpgrade, "name" | "error">,
): void {
	tellRefused(attempt, { status: code, reason, ...more });
	countTurnedAway(attempt.worlds, attempt.name, code);
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

function ignore(): void {}
