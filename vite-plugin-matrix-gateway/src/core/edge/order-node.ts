/** What an order applies commands to, and asks for a snapshot: the world, guarded. */
import type { OrderNode } from "../order/order.ts";
import type { NodeId } from "../world/command.ts";
import { cutSnapshot, restoreSnapshot } from "../world/snapshot.ts";
import type { WorldState } from "../world/state.ts";
import { apply, applyEntry } from "../world/world.ts";
import type { Failures } from "./failures.ts";

/** What a node needs. */
export interface OrderNodeParts {
	readonly id: NodeId;
	readonly world: WorldState;
	readonly failures: Failures;
	/** Called after each command. */
	applied(): void;
}

export function createOrderNode(parts: OrderNodeParts): OrderNode {
	const { id, world, failures, applied } = parts;
	return {
		id,
		// Not by `guard`, which would take a function for each command.
		applyCommand(command, of = id) {
			if (failures.isBroken) return false;
			try {
				apply(world, command, of);
				applied();
			} catch (error) {
				failures.break(error);
			}
			return !failures.isBroken;
		},
		applyEntry: (entry) =>
			failures.guard(() => applyEntry(world, entry, applied)),
		snapshot: () => cutSnapshot(world),
		restore: (snapshot) =>
			failures.guard(() => restoreSnapshot(world, snapshot)),
	};
}
