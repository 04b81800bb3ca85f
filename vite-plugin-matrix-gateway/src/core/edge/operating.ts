/** What an operator may do to who is there: take a token's rights, or all of them, and end a connection [AUTH5]. */
import type { Order } from "../order/order.ts";
import type { Grant } from "../protocol/grant.ts";
import { isOnList } from "../protocol/names.ts";
import { DEFAULT_WORLD } from "../protocol/world-name.ts";
import type { Command, ConnectionId } from "../world/command.ts";
import type { WorldState } from "../world/state.ts";
import { isOpen } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { plainGrant } from "./grants.ts";
import type { Host } from "./host.ts";
import type { FindGrant } from "./waiting-review.ts";

/** Whom to disconnect: the connection that has an agent, or one by its id. */
export type Disconnected =
	| { readonly agentId: string }
	| { readonly connectionId: string };

export interface Operating {
	/**
	 * What the token of that key allows is another thing from here on, for all that lives by it, on all
	 * nodes. Who has more than the grant allows is closed with 4003, and its session ends; with null all
	 * are. Nobody is kept from coming by it: that is for the host to say, or `revoke` [AUTH5].
	 */
	regrant(key: string, grant: Grant | null): void;
	/**
	 * Ends all that lives by a token, on all nodes, and lets it in no more: for as long as the world
	 * lasts, and where that outlives the gateway, after it [AUTH5]. It may be a token that nobody knows.
	 */
	revoke(token: string): void;
	/** How often what a token allows has become another thing, on this node. */
	readonly regrants: number;
	/**
	 * Whether that of a grant has since `regrants` was that: whoever was judged by then and is not in yet
	 * is to be judged again, since nobody has told it.
	 */
	isStale(grant: Grant, since: number): boolean;
	/** Whether the token of a grant was revoked, by the grant's key. */
	isRevoked(grant: Grant): boolean;
	/**
	 * Ends who waits for a client, from before this gateway began, by a token that none of the host's
	 * sources of tokens knows any more, or that does not allow its agents any more; they leave as
	 * `revoked`. Called for each source, with what finds the grant of a key; or with undefined for one
	 * that cannot tell which keys are not its own, and then nobody is ended. Sources that come later
	 * than half a second after the first one may be too late.
	 */
	judgeWaiting(find: FindGrant | undefined): void;
	/**
	 * Closes a connection with 4003, on whatever node; its session ends, and its agents leave as
	 * `revoked`. One that is away ends too. Its token is as good as before.
	 * @returns Whether it is there, as far as this node knows: where several share the world, a viewer is
	 *   known to its own node alone, and is closed all the same.
	 */
	disconnect(who: Disconnected): boolean;
}

/** What it needs. */
export interface OperatingParts {
	readonly host: Host;
	readonly worldName: string | undefined;
	readonly world: WorldState;
	readonly connections: Connections;
	readonly order: Pick<Order, "isShared">;
	append(command: Command): void;
}

export function createOperating(
	parts: OperatingParts,
): Omit<Operating, "regrants" | "isStale" | "judgeWaiting"> {
	const { host, world, connections, order, append } = parts;
	const { worldName = DEFAULT_WORLD } = parts;

	function isConnected(conn: ConnectionId): boolean {
		const connection = connections.get(conn);
		const peer = world.peers.get(conn);
		return connection
			? isOpen(connection)
			: peer !== undefined && peer.state !== "over";
	}

	return {
		regrant(key, grant) {
			const isForWorld = isOnList(grant?.worlds, worldName);
			const plain = grant ? plainGrant(grant) : undefined;
			append({ type: "regrant", key, grant: plain, isForWorld });
		},
		revoke(token) {
			const keys = host.keysOf?.(token) ?? [host.digest(token)];
			for (const key of keys) append({ type: "revoke", key });
		},
		isRevoked: ({ key }) => world.revoked.has(key),
		disconnect(who) {
			const conn = "connectionId" in who ? who.connectionId : undefined;
			const agentId = "agentId" in who ? who.agentId : undefined;
			const isThere =
				conn === undefined
					? world.registry.get(agentId ?? "") !== undefined
					: isConnected(conn);
			// Who it is, is seen where it is applied.
			if (isThere || order.isShared)
				append({ type: "disconnect", conn, agentId });
			return isThere;
		},
	};
}
