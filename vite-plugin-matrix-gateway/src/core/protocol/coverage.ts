import type { Grant } from "./grant.ts";
import type { AgentInfo } from "./message-types.ts";
import { isOnList } from "./names.ts";

/** Whether a grant allows each of these agents, in its role [AUTH1]. */
export function covers(
	{ agents, roles }: Pick<Grant, "agents" | "roles">,
	registered: readonly AgentInfo[],
): boolean {
	return registered.every(
		({ agentId, role }) => isOnList(agents, agentId) && isOnList(roles, role),
	);
}
