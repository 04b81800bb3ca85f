/** The order of one process alone: a command has its place when it is appended, and is applied there and then. */
import type { Command } from "../world/command.ts";
import type { WorldSnapshot } from "../world/snapshot.ts";
import type { CreateOrder, Order, OrderNode } from "./order.ts";

/** One that goes on where another gateway of this process has ended. */
export function continueInMemory(world: WorldSnapshot): CreateOrder {
	return (node) => {
		node.restore(world);
		return { ...createMemoryOrder(node), replaces: "all" };
	};
}

export function createMemoryOrder({ applyCommand }: OrderNode): Order {
	let isApplying = false;
	// What was appended while another was applied.
	let waiting: Command[] = [];

	function applyWaiting(): void {
		const commands = waiting;
		waiting = [];
		for (const command of commands) applyCommand(command);
	}

	function append(command: Command): void {
		if (isApplying) {
			waiting.push(command);
			return;
		}
		isApplying = true;
		applyCommand(command);
		while (waiting.length > 0) applyWaiting();
		isApplying = false;
	}

	return { append, gathers: false, close: async () => {} };
}
