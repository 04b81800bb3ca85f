/** What gives commands their place. All nodes of a world see the same order. */
import type { Command, Entry, NodeId, Replaced } from "../world/command.ts";
import type { WorldSnapshot } from "../world/snapshot.ts";

export interface Order {
	/**
	 * Gives a command its place, in which it is applied: here at once, or when it comes back.
	 * Never within the application of another: what that causes comes after it [ORD4].
	 */
	append(command: Command): void;
	/** Whether commands gather on their way in, so that their effects need not on theirs out [ORD10]. */
	readonly gathers: boolean;
	/** Whether what was appended outlives this process: then its end ends nobody's session [SH3]. */
	readonly outlives?: boolean;
	/** Nodes of what was restored that are gone for good, as a process that went on from a file has. */
	readonly replaces?: Replaced | undefined;
	/** How it fares, for operators; absent where it cannot but be well. */
	readonly health?: OrderHealth | undefined;
	/**
	 * Keeps what was appended so that it outlives this process, and returns when it is done. Called
	 * before anybody is told what came of it: before each write to a socket, mostly for nothing [ORD16].
	 */
	keep?(): void;
	/**
	 * Calls back once what was applied by now outlives a power cut as well; at once where it does.
	 * Absent where there is no difference. Each caller asks once at a time [ORD16].
	 */
	whenSafe?(callback: () => void): void;
	/** Resolves when what was appended is applied and kept, or will never be. */
	close(): Promise<void>;
}

/** How an order fares. */
export type OrderHealth =
	| { readonly state: "ok" }
	| {
			/** What happens now may not outlive this process. */
			readonly state: "degraded";
			/** One sentence for an operator, without a secret. */
			readonly reason: string;
	  };

/**
 * Makes the order of one node, which begins with an `up`. Before it returns it may restore what
 * was kept, and apply what came after that: nobody is told of it.
 */
export type CreateOrder = (node: OrderNode) => Order;

/** The node that an order is for. None of it throws, but what breaks the state while the order is made. */
export interface OrderNode {
	readonly id: NodeId;
	/**
	 * Applies a command of this node's; or in a replay, where nothing comes twice, of the node that
	 * it was of. False where an error of the gateway's own has broken its state: such a command is
	 * better not kept, or the next process would meet it again.
	 */
	applyCommand(command: Command, of?: NodeId): boolean;
	/** Applies an entry of any node's, if it is that node's next; all others change nothing [ORD5]. */
	applyEntry(entry: Entry): void;
	/** All that the world remembers, between two commands [ORD9]. */
	snapshot(): WorldSnapshot;
	/** Makes the world what it was, in place of what it is. */
	restore(snapshot: WorldSnapshot): void;
}
