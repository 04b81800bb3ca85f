/** What tokens allow in all worlds of a hub [AUTH5]. */
import type { RegrantHistory } from "../core/edge/regrant-history.ts";
import type { Disconnected, Gateway } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import type { Worlds } from "./worlds.ts";

export type HubGrants = Pick<
	Worlds,
	"regrant" | "revoke" | "isRevoked" | "regrants" | "isStale" | "disconnect"
>;

/**
 * The world `default`, which is always there, tells the others: on other processes too, which may have
 * worlds that are not here. It alone remembers what was revoked, and is asked for all.
 * @param history What has become another thing in this process: of the hub, since the gateway of
 *   `default` may have another one in its place while somebody is judged [ORD13].
 */
export function createHubGrants(
	gateways: ReadonlyMap<string, Gateway>,
	history: RegrantHistory,
): HubGrants {
	const first = () => gateways.get(DEFAULT_WORLD);
	return {
		regrant: (key, grant) => first()?.regrant(key, grant),
		revoke: (token) => first()?.revoke(token),
		get regrants() {
			return history.regrants;
		},
		isStale: history.isStale,
		isRevoked: (grant) => first()?.isRevoked(grant) ?? false,
		disconnect: (who: Disconnected, world = DEFAULT_WORLD) =>
			gateways.get(world)?.disconnect(who) ?? false,
	};
}

/** Has the other worlds of this process do what `default` was told. */
export function passOn(
	gateways: ReadonlyMap<string, Gateway>,
	key: string,
	grant: Grant | null,
): void {
	for (const [name, gateway] of gateways)
		if (name !== DEFAULT_WORLD) gateway.regrant(key, grant);
}
