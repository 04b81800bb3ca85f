/** Connections that are let in only to be told why they are not [CON4], as ends of those of a world. */
import { count } from "../core/edge/meters.ts";
import type { Gateway } from "../core/gateway.ts";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import type { Worlds } from "./worlds.ts";

const counts = new WeakMap<Gateway, Map<number, number>>();

/** Counts one more, in the world that it asked for; in `default` where that is not there. */
export function countTurnedAway(
	{ gateways }: Pick<Worlds, "gateways">,
	world: string,
	code: number,
): void {
	const gateway = gateways.get(world) ?? gateways.get(DEFAULT_WORLD);
	if (!gateway) return;
	const closes = counts.get(gateway) ?? new Map<number, number>();
	counts.set(gateway, closes);
	count(closes, code);
}

/** How many there were, by the close code. */
export function turnedAwayOf(gateway: Gateway): ReadonlyMap<number, number> {
	return counts.get(gateway) ?? NONE;
}

const NONE: ReadonlyMap<number, number> = new Map();
