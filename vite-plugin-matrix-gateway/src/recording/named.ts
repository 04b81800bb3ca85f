/** Who says a message, and to whom, as far as it may be seen. */
import type { MatrixMessage } from "../client/index.ts";
import { agentIdOf } from "../core/protocol/envelope.ts";

/** The agents that a message names. */
export function namedIn(message: MatrixMessage): {
	readonly from?: string;
	readonly to?: string;
} {
	const { target_id } = message;
	const from = agentIdOf(message);
	return {
		...(typeof from === "string" && { from }),
		...(typeof target_id === "string" && { to: target_id }),
	};
}
