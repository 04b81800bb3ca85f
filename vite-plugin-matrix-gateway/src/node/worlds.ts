/** The worlds behind a server: those of a hub, or the one of a gateway. */
import type { Disconnected, Gateway } from "../core/gateway.ts";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import type { Refused } from "./access.ts";
import { shareCounts } from "./connection-limits.ts";
import { shareUnfinished } from "./unfinished-messages.ts";

/** What holds for the connections of all worlds, and for those that are in none. */
export type Limits = Pick<
	Gateway,
	| "maxPayload"
	| "maxUnfinishedBytes"
	| "closeTimeout"
	| "flushWindow"
	| "compresses"
>;

/** Worlds by their names, each with its gateway. */
export interface Worlds<World extends Gateway = Gateway>
	extends Limits,
		Pick<
			Gateway,
			| "regrant"
			| "revoke"
			| "isRevoked"
			| "regrants"
			| "isStale"
			| "judgeWaiting"
		> {
	/** The gateways of the worlds that are there now. */
	readonly gateways: ReadonlyMap<string, World>;
	/** Whether clients may ask for a world, be it there or not [WLD2]. */
	has(name: string): boolean;
	/** The gateway of a world, which is made where it is not there; or why it cannot be [WLD3]. */
	enter(name: string): Promise<World | Refused>;
	/**
	 * As `Gateway.disconnect` does, in one world.
	 * @param world Its name; by default `default`.
	 */
	disconnect(who: Disconnected, world?: string): boolean;
	/** Whether all shut down. A host then refuses upgrades with 503 [SH1]. */
	readonly draining: boolean;
	/** Whether the worlds serve that are there from the start [HTTP2]. */
	readonly ready: boolean;
	/** How what keeps these fares: the worst. Undefined where that is memory alone. */
	readonly health: Gateway["health"];
}

/** Why a name that is not to be had is refused. */
export const NO_WORLD = "no such world";

/** Whether it has worlds, and so names below its path. */
export function hasWorlds(target: Gateway | Worlds): target is Worlds {
	return "enter" in target;
}

/** A gateway as the one world that there is. */
export function worldsOf(target: Gateway | Worlds): Worlds {
	if (hasWorlds(target)) return target;
	const { maxPayload, maxUnfinishedBytes, closeTimeout } = target;
	const { flushWindow, compresses } = target;
	const alone: Worlds = {
		...{ maxPayload, maxUnfinishedBytes, closeTimeout },
		...{ flushWindow, compresses },
		gateways: new Map([[DEFAULT_WORLD, target]]),
		has: (name) => name === DEFAULT_WORLD,
		enter: async () => target,
		regrant: target.regrant,
		revoke: target.revoke,
		isRevoked: target.isRevoked,
		isStale: target.isStale,
		judgeWaiting: target.judgeWaiting,
		get regrants() {
			return target.regrants;
		},
		disconnect: (who, world = DEFAULT_WORLD) =>
			world === DEFAULT_WORLD && target.disconnect(who),
		get draining() {
			return target.draining;
		},
		get ready() {
			return target.ready;
		},
		get health() {
			return target.health;
		},
	};
	shareUnfinished(alone, target);
	shareCounts(alone, target);
	return alone;
}
