/** The world that a request is for, by `?world=` [HTTP7]. */
import type { H3Event } from "h3";
import type { Gateway } from "../../core/gateway.ts";
import { isOnList } from "../../core/protocol/names.ts";
import { DEFAULT_WORLD } from "../../core/protocol/world-name.ts";
import { NO_WORLD } from "../worlds.ts";
import { refuse, refuseAs, refuseForNow } from "./answers.ts";
import type { Asked } from "./endpoint.ts";

/** Its gateway, made where it is not there yet; or what is answered instead. */
export async function enterWorld({
	event,
	worlds,
	grant,
}: Asked): Promise<Entered | { answer: object }> {
	const name = worldNameOf(event);
	const no = (status: number, reason: string) => ({
		answer: refuse(event, status, reason),
	});
	// First, so that nobody learns which others there are.
	if (!isOnList(grant.worlds, name)) return no(403, "forbidden");
	if (!worlds.has(name)) return no(404, NO_WORLD);
	if (worlds.draining) return { answer: refuseForNow(event, DRAINING) };
	const entered = await worlds.enter(name);
	if (!("open" in entered)) return { answer: refuseAs(event, entered) };
	if (entered.isRevoked(grant)) return no(401, "unauthorized");
	if (entered.draining) return { answer: refuseForNow(event, DRAINING) };
	return { name, gateway: entered };
}

/** Its gateway where it is there and the grant allows it; or what is answered instead. */
export function findWorld({
	event,
	worlds,
	grant,
}: Asked): Entered | { answer: object } {
	const name = worldNameOf(event);
	// First, so that nobody learns which others there are.
	if (!isOnList(grant.worlds, name))
		return { answer: refuse(event, 403, "forbidden") };
	const gateway = worlds.gateways.get(name);
	return gateway ? { name, gateway } : { answer: refuse(event, 404, NO_WORLD) };
}

/** The names of all that are there and that the grant allows. */
export function allowedWorlds({
	worlds,
	grant,
}: Pick<Asked, "worlds" | "grant">): string[] {
	return [...worlds.gateways.keys()]
		.filter((name) => isOnList(grant.worlds, name))
		.sort();
}

interface Entered {
	readonly name: string;
	readonly gateway: Gateway;
}

/** The name of the world that is asked for. */
export function worldNameOf({ url }: H3Event): string {
	return url.searchParams.get("world") ?? DEFAULT_WORLD;
}

const DRAINING = "the gateway is shutting down, try again";
