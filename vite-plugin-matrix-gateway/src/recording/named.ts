/** Who says a message, and to whom, as far as it may be seen. */
import type { MatrixMessage } from "../client/index.ts";

/** The agents that a message names. */
export function namedIn({ agentId, agent_id, target_id }: MatrixMessage): {
	readonly from?: string;
	readonly to?: string;
} {
	const from = agentId ?? agent_id;
	return {
		...(typeof from === "string" && { from }),
		...(typeof target_id === "string" && { to: target_id }),
	};
}
