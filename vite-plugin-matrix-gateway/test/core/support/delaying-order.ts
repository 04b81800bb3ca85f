/**
 * One log that several gateways share, as slow and as unreliable as a seed makes it: entries wait
 * on their way in, each node reads on its own, entries come twice, and nodes stop or vanish.
 */
import type {
	CreateOrder,
	OrderHealth,
	OrderNode,
} from "../../../src/core/order/order.ts";
import type {
	Command,
	Entry,
	NodeId,
} from "../../../src/core/world/command.ts";
import { FENCED, isFencing } from "../../../src/core/world/membership.ts";

export interface DelayingLog {
	/** Makes the order of one gateway. @param defer Calls back when it is idle. */
	createOrder(
		defer: (callback: () => void) => void,
		options?: DelayingOptions,
	): CreateOrder;
	/** Brings all that is on its way to everyone. */
	settle(): void;
	/** One thing happens somewhere. False where nothing is left to happen. */
	step(): boolean;
	/** The nodes, in the order in which they came. */
	readonly nodes: readonly DelayingNode[];
	/** All that has its place, oldest first; where the log is not shared, without what all have read. */
	readonly entries: readonly Entry[];
	/** A node is gone without a word; another says so. */
	vanish(id: NodeId): void;
	/** Another node misses one, and says so: void where that has spoken since. */
	miss(id: NodeId): void;
	/** Says so of all that are gone, until it is true. */
	missAll(): void;
	/**
	 * The log loses what a node has not read; that one begins an epoch with what it has. Others that
	 * have read more are out.
	 */
	lose(id: NodeId): void;
	/** All nodes vanish, and the log loses what one has not read: nobody is left who knows. */
	loseAll(id: NodeId): void;
}

export interface DelayingOptions {
	/** As one of several nodes is, and tells all the time. */
	readonly isShared?: true;
	readonly replaces?: readonly NodeId[];
}

/** One gateway's part of the log. */
export interface DelayingNode {
	readonly node: OrderNode;
	/** What its order says of itself. */
	health: OrderHealth | undefined;
	isFull: boolean;
	/** While it is, it reads and writes nothing, as a process that is stopped. */
	isStalled: boolean;
	/** Whether it is gone, or out. */
	readonly isAlive: boolean;
}

interface Node extends DelayingNode {
	isAlive: boolean;
	readonly isShared: boolean;
	readonly defer: (callback: () => void) => void;
	/** What was appended and is in no entry yet. */
	pending: Command[];
	/** Its one entry that has no place yet, or has one and was not read back. */
	inFlight: Entry | undefined;
	sequence: number;
	/** How many entries it has read. */
	read: number;
	/** The last entry of each node that it has read. */
	readonly heard: Map<NodeId, number>;
	isPumping: boolean;
}

/** @param random From 0 to 1, as a seed says. */
export function createDelayingLog(random: () => number): DelayingLog {
	// Without those that all have read, of which there were `gone`.
	let entries: Entry[] = [];
	let gone = 0;
	const nodes: Node[] = [];
	/** Entries on their way to the log. */
	let wire: Entry[] = [];
	let isSettling = false;

	const find = (id: NodeId) => nodes.find(({ node }) => node.id === id) as Node;

	/** All that may happen next. */
	function possible(): (() => void)[] {
		const actions: (() => void)[] = [];
		for (const one of nodes) {
			if (!one.isAlive || one.isStalled) continue;
			if (!one.inFlight && one.pending.length > 0)
				actions.push(() => send(one));
			if (mayRead(one)) actions.push(() => readSome(one));
		}
		if (wire.length > 0) actions.push(arrive);
		return actions;
	}

	/** Not what comes after another's beginning, before it has spoken behind that [ORD17]. */
	function mayRead(one: Node): boolean {
		if (one.read === gone + entries.length) return false;
		const isToSpeak = one.inFlight !== undefined || one.pending.length > 0;
		return !one.node.isUnheard || !isToSpeak || isDecided(one);
	}

	/** Whether its word has its place, or is void wherever it will be. */
	function isDecided(one: Node): boolean {
		return (
			isFenced(one) || entries.includes(one.inFlight as Entry, unread(one))
		);
	}

	/** Whether what comes before its word takes it out. */
	function isFenced(one: Node): boolean {
		const { node, inFlight, sequence } = one;
		const last = inFlight ? sequence - 1 : sequence;
		const ahead = entries.slice(unread(one));
		const own = ahead.indexOf(inFlight as Entry);
		return ahead
			.slice(0, own === -1 ? ahead.length : own)
			.some((entry) => isFencing(entry, node.id, last));
	}

	const unread = ({ read }: Node) => read - gone;

	function send(one: Node): void {
		// A beginning goes alone: others speak before they read what comes after it.
		const count = one.pending[0]?.type === "up" ? 1 : one.pending.length;
		// Plain data, or it could not cross a network.
		const commands = structuredClone(one.pending.splice(0, count));
		const entry = { node: one.node.id, sequence: ++one.sequence, commands };
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
		while (one.read < end && one.isAlive && mayRead(one)) {
			if (one.node.isUnheard && isFenced(one)) {
				one.isAlive = false;
				one.node.ended(FENCED);
				break;
			}
			const entry = entries[one.read++ - gone] as Entry;
			const heard = one.heard.get(entry.node) ?? 0;
			// One that comes a second time says nothing.
			one.heard.set(entry.node, Math.max(heard, entry.sequence));
			one.node.applyEntry(entry);
			if (entry === one.inFlight) one.inFlight = undefined;
			if (one.node.hasEnded) one.isAlive = false;
		}
		// A node that comes later begins at the beginning.
		if (!one.isShared) trim();
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

	/** Half of those that come to a shared log begin with what another has of the world. */
	function catchUp(one: Node): void {
		const able = nodes.filter(({ isAlive, read }) => isAlive && read > 0);
		const other = able[Math.floor(random() * able.length * 2)];
		if (!one.isShared || !other) return;
		one.node.restore(structuredClone(other.node.snapshot()));
		one.read = other.read;
		for (const [id, sequence] of other.heard) one.heard.set(id, sequence);
	}

	function miss(id: NodeId): void {
		const witness = nodes.find(
			({ node, isAlive, isStalled }) => node.id !== id && isAlive && !isStalled,
		);
		const seen = witness?.heard.get(id) ?? 0;
		witness?.pending.push({ type: "gone", node: id, seen });
	}

	/** What of a node was lost or never came is to be sent again. */
	function takeBack(one: Node): void {
		if (!one.inFlight || entries.includes(one.inFlight)) return;
		one.pending.unshift(...one.inFlight.commands);
		one.inFlight = undefined;
		one.sequence--;
	}

	return {
		settle,
		step,
		nodes,
		get entries() {
			return entries;
		},
		createOrder:
			(defer, { isShared, replaces } = {}) =>
			(node) => {
				const one: Node = {
					...{ node, defer, pending: [], inFlight: undefined },
					...{ sequence: 0, read: 0, isAlive: true, isPumping: false },
					...{ isStalled: false, isFull: false, health: undefined },
					...{ isShared: isShared === true, heard: new Map() },
				};
				catchUp(one);
				nodes.push(one);
				return {
					gathers: true,
					...(isShared && { isShared }),
					replaces,
					get isFull() {
						return one.isFull;
					},
					get health() {
						return one.health;
					},
					append(command) {
						one.pending.push(command);
						pump(one);
					},
					close: async () => {},
				};
			},
		vanish(id) {
			find(id).isAlive = false;
			miss(id);
		},
		miss,
		missAll() {
			const dead = nodes.filter(({ isAlive }) => !isAlive);
			for (const { node } of dead) {
				const witness = nodes.find(({ isAlive }) => isAlive);
				if (witness?.node.members().includes(node.id)) miss(node.id);
			}
		},
		lose(id) {
			const winner = find(id);
			entries = entries.slice(0, winner.read - gone);
			wire = [];
			const message = "what it has applied is lost";
			for (const one of nodes) {
				if (!one.isAlive) continue;
				takeBack(one);
				if (one.read <= winner.read) continue;
				one.isAlive = false;
				one.node.ended({ code: "lost", message });
			}
			// Of its own too, such as the epoch before, some may be lost that it has not read.
			const sequence = lastOf(entries, id) + 1;
			winner.sequence = sequence;
			const commands = [{ type: "epoch", number: sequence } as const];
			entries.push({ node: id, sequence, commands });
		},
		loseAll(id) {
			entries = entries.slice(0, find(id).read - gone);
			wire = [];
			for (const one of nodes) one.isAlive = false;
		},
	};
}

/** The number of a node's last entry that counts. */
function lastOf(entries: readonly Entry[], id: NodeId): number {
	return entries
		.filter(({ node }) => node === id)
		.reduce((last, { sequence }) => last + Number(sequence === last + 1), 0);
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
