import type { WorldSnapshot } from "../core/world/snapshot.ts";
import type { NodeGatewayOptions } from "./create-gateway.ts";
import type { NodeGatewayEvent } from "./node-gateway.ts";
import type { WorldsOptions } from "./worlds-options.ts";

/** What happened, for a log. `world` is absent where it is `default`, or none. */
export type HubEvent =
	| (NodeGatewayEvent & { readonly world?: string })
	| {
			/** A world was made at its first use, or ended since nobody was in it [WLD3]. */
			readonly event: "worldBegun" | "worldEnded";
			readonly world: string;
	  };

/** Options of a hub: which worlds there are, and those of their gateways. */
export interface HubOptions
	extends WorldsOptions,
		Omit<NodeGatewayOptions, OfOne> {
	/** Told what happens, for a log. It gets no token and no payload; its own errors are dropped. */
	readonly onEvent?: (event: HubEvent) => void;
	/**
	 * Told once for each world whose state is broken, by an error of the gateway's own: it has closed
	 * everyone in it with 1011 and serves no more, so the hub is to be ended [ERR3].
	 * @default writes the error to standard error
	 */
	readonly onBroken?: (error: unknown, world: string) => void;
	/**
	 * Told of a world that others share by other options: this hub may not take part in it, and is to
	 * be ended. Where a world goes on without this hub for any other reason, that comes back by itself
	 * [ORD13].
	 * @default writes the reason to standard error
	 */
	readonly onUnfit?: (reason: string, world: string) => void;
	/**
	 * Worlds that another hub of this process has handed over, to go on with; those that may not be
	 * here are dropped. Where there is `data`, a world that is in its folder goes before.
	 * @default new worlds
	 */
	readonly left?: ReadonlyMap<string, WorldSnapshot> | undefined;
}

/** Options of a gateway that are other ones for each world. */
type OfOne =
	| "onEvent"
	| "onBroken"
	| "onEnded"
	| "world"
	| "worldName"
	| "replaces";
