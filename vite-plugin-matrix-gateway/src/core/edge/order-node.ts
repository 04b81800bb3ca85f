/** What an order applies commands to, and asks for a snapshot: the world, guarded. */
import type { EndReason, OrderNode } from "../order/order.ts";
import type { NodeId } from "../world/command.ts";
import { cutSnapshot, restoreSnapshot } from "../world/snapshot.ts";
import type { WorldState } from "../world/state.ts";
import { apply, applyEntry } from "../world/world.ts";
import type { Failures } from "./failures.ts";
import type { Taps } from "./tap.ts";

/** What a node needs. */
export interface OrderNodeParts {
	readonly id: NodeId;
	readonly world: WorldState;
	readonly failures: Failures;
	/** Whether it takes part no more. */
	hasEnded(): boolean;
	/** Told of each command before it is applied, while somebody reads along. */
	readonly taps: Pick<Taps, "before">;
	/** Called after each command. */
	applied(): void;
	ended(reason: EndReason): void;
}

export function createOrderNode(parts: OrderNodeParts): OrderNode {
	const { id, world, failures, taps, applied, hasEnded } = parts;
	return {
		id,
		// Not by `guard`, which would take a function for each command.
		applyCommand(command, of = id) {
			if (failures.isBroken() || hasEnded()) return false;
			try {
				taps.before(command);
				apply(world, command, of);
				applied();
			} catch (error) {
				failures.break(error);
			}
			return !failures.isBroken();
		},
		applyEntry(entry) {
			if (hasEnded()) return;
			failures.guard(() => applyEntry(world, entry, applied, taps.before));
		},
		snapshot: () => cutSnapshot(world),
		restore: (snapshot) =>
			failures.guard(() => restoreSnapshot(world, snapshot)),
		members: () => world.members.all(),
		get isUnheard() {
			return world.members.isUnheard(id);
		},
		ended: (reason) => failures.guard(() => parts.ended(reason)),
		get hasEnded() {
			// What it knows is not the world any more.
			return failures.isBroken() || hasEnded();
		},
	};
}
