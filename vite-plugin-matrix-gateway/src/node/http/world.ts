/** The world that a request is for, by `?world=` [HTTP7]. */
import type { Gateway } from "../../core/gateway.ts";
import { isOnList } from "../../core/protocol/names.ts";
import { DEFAULT_WORLD } from "../../core/protocol/world-name.ts";
import { NO_WORLD } from "../worlds.ts";
import { refuse, refuseForNow } from "./answers.ts";
import type { Asked } from "./endpoint.ts";

/** Its gateway, made where it is not there yet; or what is answered instead. */
export async function enterWorld({
	event,
	worlds,
	grant,
}: Asked): Promise<{ gateway: Gateway } | { answer: object }> {
	const name = event.url.searchParams.get("world") ?? DEFAULT_WORLD;
	const no = (status: number, reason: string) => ({
		answer: refuse(event, status, reason),
	});
	// First, so that nobody learns which others there are.
	if (!isOnList(grant.worlds, name)) return no(403, "forbidden");
	if (!worlds.has(name)) return no(404, NO_WORLD);
	if (worlds.draining) return { answer: refuseForNow(event, DRAINING) };
	const entered = await worlds.enter(name);
	if (!("open" in entered))
		return entered.status === 503
			? { answer: refuseForNow(event, entered.reason) }
			: no(entered.status, entered.reason);
	if (entered.isRevoked(grant)) return no(401, "unauthorized");
	if (entered.draining) return { answer: refuseForNow(event, DRAINING) };
	return { gateway: entered };
}

const DRAINING = "the gateway is shutting down, try again";
