/** What is told before a node takes part in its world: to nobody anything but whether it may. */
import type { NodeId } from "../world/command.ts";
import type { Effects, EndReason } from "../world/effects.ts";
import { SILENCE } from "../world/silence.ts";

/** What happens to a node that has not begun. */
export interface BeginningParts {
	readonly node: NodeId;
	began(): void;
	ended(reason: EndReason): void;
}

export function createBeginning(parts: BeginningParts): Effects {
	return {
		...SILENCE,
		began(node) {
			if (node === parts.node) parts.began();
		},
		ended(node, reason) {
			if (node === parts.node) parts.ended(reason);
		},
	};
}
