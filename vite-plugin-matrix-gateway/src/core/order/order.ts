/** What gives commands their place. All nodes of a world see the same order. */
import type { Command, Entry, NodeId, Replaced } from "../world/command.ts";
import type { EndReason } from "../world/effects.ts";
import type { WorldSnapshot } from "../world/snapshot.ts";

export type { EndReason };

export interface Order {
	/**
	 * Gives a command its place, in which it is applied: here at once, or when it comes back.
	 * Never within the application of another: what that causes comes after it [ORD4].
	 */
	append(command: Command): void;
	/** Whether commands gather on their way in, so that their effects need not on theirs out [ORD10]. */
	readonly gathers: boolean;
	/**
	 * Whether several nodes take part, each with an order of its own on what they share. Such a node
	 * tells twice a second that it lives, and how it is [ORD14]. Others go on when it ends: that is a
	 * `down`, and its sessions wait for their clients [SH5].
	 */
	readonly isShared?: true;
	/**
	 * Whether it takes no more for now, since too much waits that was appended. Messages are refused
	 * then [ERR4]; what it is given all the same, as ends of connections, it has to take.
	 */
	readonly isFull?: boolean;
	/** Whether what was appended outlives this process: then its end ends nobody's session [SH3]. */
	readonly outlives?: boolean;
	/**
	 * Nodes of what was restored that are gone for good, as a process that went on from a file has, or
	 * a node that comes back under another id [ORD13].
	 */
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
	  }
	| {
			/**
			 * What is appended is not applied for now, or it has not read yet all that there is. Those who
			 * are connected stay, and wait [HTTP2].
			 */
			readonly state: "behind";
			/** One sentence, fit for anybody who asks. */
			readonly reason: string;
	  };

/**
 * Makes the order of one node, which begins with an `up`. Until that is applied it may restore what
 * was kept, and apply what came after that: nobody is told of it, whether it has returned by then
 * or not. Those who connect meanwhile wait.
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
	/**
	 * Makes the world what it was, in place of what it is; before the node's `up` is applied. Later
	 * its clients have seen what was, and it has to end instead.
	 */
	restore(snapshot: WorldSnapshot): void;
	/** Those who take part, the one whose ticks count first. */
	members(): readonly NodeId[];
	/**
	 * Whether another node has begun since this one has spoken, as far as is applied. An order that is
	 * shared applies nothing more then before an entry of this node's has its place behind that, and
	 * counts there: who was told of what comes after a beginning, and of whose node nothing does, is
	 * taken for one who was told of what is lost [ORD17]. The gateway appends something for it.
	 */
	readonly isUnheard: boolean;
	/**
	 * This node is out of the world [ORD13]: its clients are told to come back, and nothing more is
	 * applied, appended or told. The gateway calls it itself where what was applied says so, and then
	 * closes the order; later calls change nothing. Not before the order is made.
	 */
	ended(reason: EndReason): void;
	/** Whether it is out. */
	readonly hasEnded: boolean;
}
