/** Commands that outlive the gateway that applied them, as in a file; and what a power cut leaves of them. */
import { createMemoryOrder } from "../../../src/core/order/memory.ts";
import type {
	CreateOrder,
	Order,
	OrderHealth,
	OrderNode,
} from "../../../src/core/order/order.ts";
import type { Command, NodeId } from "../../../src/core/world/command.ts";
import type { WorldSnapshot } from "../../../src/core/world/snapshot.ts";

export interface KeptLog {
	/** Makes the order of a gateway that goes on where the one before ended. */
	readonly createOrder: CreateOrder;
	/** What is kept, oldest first. */
	readonly commands: readonly Command[];
	/** Of these so many outlive a power cut. */
	readonly safe: number;
	/** What its order is to say of itself. */
	health: OrderHealth | undefined;
	/** From here on what happens in the gateway of now is kept no more. */
	kill(): void;
	/** The same; and of what is not safe only so many are left. */
	cutPower(left: number): void;
	/** What is kept is safe, but for so many of the last commands. */
	sync(but?: number): void;
	/** The next gateway begins with what the world is now. */
	snapshot(): void;
}

interface Kept {
	readonly command: Command;
	readonly node: NodeId;
}

interface Life {
	readonly node: OrderNode;
	/** What was applied and is not kept yet. */
	pending: Kept[];
	/** Who is to be called when so many are safe. */
	waiting: { readonly count: number; readonly callback: () => void }[];
}

export function createKeptLog(): KeptLog {
	let kept: Kept[] = [];
	let snapshots: { readonly at: number; readonly world: WorldSnapshot }[] = [];
	let safe = 0;
	let life: Life | undefined;

	function replay(node: OrderNode): void {
		const { at, world } = snapshots.at(-1) ?? { at: 0, world: undefined };
		if (world) node.restore(structuredClone(world));
		for (const { command, node: of } of kept.slice(at))
			node.applyCommand(structuredClone(command), of);
	}

	function keep(one: Life): void {
		if (one === life) kept.push(...one.pending.splice(0));
	}

	function createOrder(node: OrderNode): Order {
		replay(node);
		const one: Life = { node, pending: [], waiting: [] };
		life = one;
		const memory = createMemoryOrder({
			...node,
			applyCommand(command) {
				one.pending.push({ command, node: node.id });
				return node.applyCommand(command);
			},
		});
		return {
			...memory,
			outlives: true,
			replaces: kept.length > 0 ? "all" : undefined,
			get health() {
				return log.health;
			},
			keep: () => keep(one),
			whenSafe(callback) {
				const count = kept.length + one.pending.length;
				if (count <= safe) callback();
				else one.waiting.push({ count, callback });
			},
			close: async () => keep(one),
		};
	}

	const log: KeptLog = {
		createOrder,
		health: undefined,
		get commands() {
			return kept.map(({ command }) => command);
		},
		get safe() {
			return safe;
		},
		kill() {
			life = undefined;
		},
		cutPower(left) {
			life = undefined;
			kept = kept.slice(0, Math.max(safe, left));
			snapshots = snapshots.filter(({ at }) => at <= kept.length);
		},
		sync(but = 0) {
			safe = Math.max(safe, kept.length - but);
			const { waiting = [] } = life ?? {};
			if (life) life.waiting = waiting.filter(({ count }) => count > safe);
			for (const { count, callback } of waiting) if (count <= safe) callback();
		},
		snapshot() {
			if (!life) return;
			keep(life);
			const world = structuredClone(life.node.snapshot());
			snapshots.push({ at: kept.length, world });
		},
	};
	return log;
}
