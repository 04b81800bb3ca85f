/** What gives commands their place. All nodes of a world see the same order. */
import type { Command, Entry, NodeId } from "../world/command.ts";

export interface Order {
	/**
	 * Gives a command its place, in which it is applied: here at once, or when it comes back.
	 * Never within the application of another: what that causes comes after it [ORD4].
	 */
	append(command: Command): void;
	/** Whether commands gather on their way in, so that their effects need not on theirs out [ORD10]. */
	readonly gathers: boolean;
	/** Resolves when what was appended is applied, or will never be. */
	close(): Promise<void>;
}

/** Makes the order of one node, which begins with an `up`. */
export type CreateOrder = (node: OrderNode) => Order;

/** The node that an order is for. None of it throws. */
export interface OrderNode {
	readonly id: NodeId;
	/** Applies a command of this node's. */
	applyCommand(command: Command): void;
	/** Applies an entry of any node's, if it is that node's next; all others change nothing [ORD5]. */
	applyEntry(entry: Entry): void;
}
