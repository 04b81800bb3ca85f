/** Grants on their way into commands, and what becomes of connections whose grants change [AUTH5]. */
import { covers } from "../protocol/coverage.ts";
import type { Grant } from "../protocol/grant.ts";
import type { AgentInfo } from "../protocol/message-types.ts";
import { CLOSE } from "../protocol/protocol.ts";
import type { Disconnect } from "../world/command.ts";
import type { Closer } from "./close.ts";
import { type Connection, isOpen } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { type GrantClock, isEnd } from "./grant-clock.ts";
import type { Groups } from "./groups.ts";
import type { Newcomers } from "./newcomers.ts";

/** What of a grant a world judges. A host may return all that it knows of whoever that is [ORD2]. */
export function rightsOf(grant: Grant): Grant {
	const { agents, roles, subscribe, key, expires } = grant;
	return {
		...(agents && { agents }),
		...(roles && { roles }),
		...(subscribe && { subscribe }),
		...(key !== undefined && { key }),
		// JSON has no NaN: what is no number has ended.
		...(isEnd(expires) && { expires: Number.isFinite(expires) ? expires : 0 }),
	};
}

/** All of a grant that nodes judge, and nothing else. */
export function plainGrant(grant: Grant): Grant {
	const { name, worlds, publish, retain, operate, metrics, overhear } = grant;
	return {
		...rightsOf(grant),
		...(name !== undefined && { name }),
		...(worlds && { worlds }),
		...(publish && { publish }),
		...(retain !== undefined && { retain }),
		...(operate !== undefined && { operate }),
		...(metrics !== undefined && { metrics }),
		...(overhear !== undefined && { overhear }),
	};
}

export interface Grants {
	/** What a token allows is another thing; undefined: nothing. */
	regranted(key: string, grant: Grant | undefined): void;
	/** A registration of these was done that its connection's grant may not allow any more. */
	registered(connection: Connection, agents: readonly AgentInfo[]): void;
}

export interface GrantParts {
	readonly connections: Connections;
	readonly closer: Closer;
	readonly grantClock: GrantClock;
	readonly groups: Groups;
	readonly newcomers: () => Pick<Newcomers, "cutAnew">;
	append(command: Disconnect): void;
}

export function createGrants(parts: GrantParts): Grants {
	const { connections, closer, grantClock, groups, append } = parts;

	return {
		regranted(key, grant) {
			for (const connection of [...connections.all()]) {
				if (connection.grant.key !== key || !isOpen(connection)) continue;
				connection.grant = { key, ...grant };
				if (!grant) {
					closer.close(connection, CLOSE.forbidden);
					continue;
				}
				grantClock.watch(connection);
				const { group } = connection;
				groups.watch(connection);
				// What it was sent until here goes by another filter.
				if (connection.group !== group) parts.newcomers().cutAnew(connection);
			}
		},
		registered({ id: conn, grant }, agents) {
			if (!covers(grant, agents))
				append({ type: "disconnect", conn, agentId: undefined });
		},
	};
}
