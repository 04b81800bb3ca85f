/** Upgrades that are refused: their answers, and who is told [CON7]. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { count } from "../core/edge/meters.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { DEFAULT_WORLD, isWorldName } from "../core/protocol/world-name.ts";
import type { NoRoom } from "./connection-limits.ts";
import { quietly } from "./quietly.ts";
import { addressOf, askedHostOf, pageOf, type RequestLike } from "./request.ts";
import { REQUEST_ID, requestIdOf } from "./request-id.ts";
import type { RefusedUpgrade, Upgrade } from "./upgrade-attempt.ts";

/** Seconds after which who finds no room, or cannot be judged for now, may ask again. */
export const RETRY_AFTER = 5;

/** What says nothing of who asks. */
const PASSING: ReadonlySet<number> = new Set([429, 503]);

/** Answers who finds no room. */
export function refuseForNow(
	attempt: Upgrade,
	{ status, reason }: NoRoom,
	grant?: Grant,
): void {
	refuse(attempt.socket, status, reason, [idHeaderOf(attempt)]);
	tellRefused(attempt, { status, reason, ...nameOf(grant) });
}

/** Answers an upgrade with an HTTP status, and tells the host. */
export function refuseUpgrade(
	attempt: Upgrade,
	status: number,
	reason: string,
	error?: unknown,
): void {
	refuse(attempt.socket, status, reason, [idHeaderOf(attempt)]);
	tellRefused(attempt, {
		status,
		reason,
		...(error !== undefined && { error }),
	});
}

/** Answers an upgrade with an HTTP status, of which nobody is told; where that will pass, with when to come back. */
export function refuse(
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
		...(PASSING.has(status) ? [`Retry-After: ${RETRY_AFTER}`] : []),
		...headers,
		"Content-Type: text/plain;charset=UTF-8",
		`Content-Length: ${Buffer.byteLength(reason)}`,
	];
	socket.end(`${lines.join("\r\n")}\r\n\r\n${reason}`);
}

/** The header that tells what the request is called, also in the log [HTTP5]. */
export function idHeaderOf(attempt: Asked): string {
	return `${REQUEST_ID}: ${idOf(attempt)}`;
}

export function nameOf(grant: Grant | undefined): Pick<RefusedUpgrade, "name"> {
	return grant?.name === undefined ? {} : { name: grant.name };
}

/** What is known beside the request. */
type Reason = Pick<RefusedUpgrade, "status" | "reason" | "name" | "error">;

/** What is told of whoever is refused. */
interface Asked extends Pick<Upgrade, "options" | "name" | "counts"> {
	readonly request: RequestLike;
}

function idOf({ request, options }: Asked): string {
	return requestIdOf(request, options.proxies);
}

/** Counts a refusal, and tells the host. */
export function tellRefused(
	asked: Asked,
	{ status, reason, ...more }: Reason,
): void {
	const { request, options, name, counts } = asked;
	count(counts.refused, status);
	const isNamed = name !== DEFAULT_WORLD && isWorldName(name);
	quietly(() =>
		options.onRefused?.({
			status,
			reason,
			requestId: idOf(asked),
			...(isNamed && { world: name }),
			remoteAddress: addressOf(request, options.proxies),
			origin: pageOf(request),
			host: askedHostOf(request, options.proxies),
			...more,
		}),
	);
}

function ignore(): void {}
