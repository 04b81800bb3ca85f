/**
 * One log that several gateways share, as slow and as unreliable as a seed makes it: entries wait
 * on their way in, each node reads on its own, entries come twice, and a node may vanish.
 */
import type { CreateOrder, OrderNode } from "../../../src/core/order/order.ts";
import type { Command, Entry } from "../../../src/core/world/command.ts";

export interface DelayingLog {
	/** Makes the order of one gateway. @param defer Calls back when it is idle. */
	createOrder(defer: (callback: () => void) => void): CreateOrder;
	/** Brings all that is on its way to everyone. */
	settle(): void;
	/** One thing happens somewhere. False where nothing is left to happen. */
	step(): boolean;
	/** The node that came first, second, … is gone without a word; another says so. */
	vanish(index: number): void;
}

interface Node {
	readonly node: OrderNode;
	readonly defer: (callback: () => void) => void;
	/** What was appended and is in no entry yet. */
	pending: Command[];
	/** Its one entry that has no place yet, or has one and was not read back. */
	inFlight: Entry | undefined;
	sequence: number;
	/** How many entries it has read. */
	read: number;
	isAlive: boolean;
	isPumping: boolean;
}

/** @param random From 0 to 1, as a seed says. */
export function createDelayingLog(random: () => number): DelayingLog {
	// Without those that all have read, of which there were `gone`.
	let entries: Entry[] = [];
	let gone = 0;
	const nodes: Node[] = [];
	/** Entries on their way to the log. */
	const wire: Entry[] = [];
	let isSettling = false;

	/** All that may happen next. */
	function possible(): (() => void)[] {
		const actions: (() => void)[] = [];
		for (const one of nodes) {
			if (!one.isAlive) continue;
			if (!one.inFlight && one.pending.length > 0)
				actions.push(() => send(one));
			if (one.read < gone + entries.length) actions.push(() => readSome(one));
		}
		if (wire.length > 0) actions.push(arrive);
		return actions;
	}

	function send(one: Node): void {
		// Plain data, or it could not cross a network.
		const commands = structuredClone(one.pending);
		const entry = { node: one.node.id, sequence: ++one.sequence, commands };
		one.pending = [];
		one.inFlight = entry;
		wire.push(entry);
		// The line broke, and nobody knows whether it arrived: it is sent again.
		if (random() < 0.2) wire.push(entry);
	}

	function arrive(): void {
		const index = Math.floor(random() * wire.length);
		entries.push(...wire.splice(index, 1));
	}

	function readSome(one: Node): void {
		const most = gone + entries.length - one.read;
		const end = one.read + 1 + Math.floor(random() * most);
		while (one.read < end && one.isAlive) {
			const entry = entries[one.read++ - gone] as Entry;
			one.node.applyEntry(entry);
			if (entry === one.inFlight) one.inFlight = undefined;
		}
		trim();
	}

	function trim(): void {
		const readers = nodes.filter(({ isAlive }) => isAlive);
		const read = Math.min(...readers.map((one) => one.read));
		entries = entries.slice(read - gone);
		gone = read;
	}

	function step(): boolean {
		const actions = possible();
		actions[Math.floor(random() * actions.length)]?.();
		return actions.length > 0;
	}

	function settle(): void {
		// What is read may look at the state, which settles.
		if (isSettling) return;
		isSettling = true;
		try {
			while (step());
		} finally {
			isSettling = false;
		}
	}

	/** Goes on a little whenever the node is idle, until nothing is left. */
	function pump(one: Node): void {
		if (one.isPumping) return;
		one.isPumping = true;
		one.defer(() => {
			one.isPumping = false;
			for (let steps = Math.floor(random() * 8); steps >= 0; steps--) step();
			if (possible().length > 0) pump(one);
		});
	}

	return {
		settle,
		step,
		createOrder: (defer) => (node) => {
			const one: Node = {
				...{ node, defer, pending: [], inFlight: undefined },
				...{ sequence: 0, read: 0, isAlive: true, isPumping: false },
			};
			nodes.push(one);
			return {
				gathers: true,
				append(command) {
					one.pending.push(command);
					pump(one);
				},
				close: async () => {},
			};
		},
		vanish(index) {
			const lost = nodes[index] as Node;
			lost.isAlive = false;
			const witness = nodes.find(({ isAlive }) => isAlive);
			witness?.pending.push({ type: "gone", node: lost.node.id });
		},
	};
}

/** The same numbers for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
