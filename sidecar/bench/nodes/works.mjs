/** The work that is measured with several nodes, and beside it with one. */

const ROOM = { senders: 1, size: 200, mode: "rate" };
const FEW = { clients: 6, senders: 3, size: 200, mode: "window" };
const MANY = { clients: 3001, senders: 1, size: 200 };

/**
 * `nodes` 0 is one node on its own memory.
 * @typedef {{ name: string, title: string, nodes: number, load: import("../cases.mjs").Load }} Work
 * @type {Work[]}
 */
export const WORKS = [
	{
		name: "memory-500",
		title: "memory: 50 receivers, 500 messages/s",
		nodes: 0,
		load: { ...ROOM, clients: 51, rate: 500 },
	},
	{
		name: "redis-500",
		title: "one node on Redis: the same",
		nodes: 1,
		load: { ...ROOM, clients: 51, rate: 500 },
	},
	{
		name: "three-5000",
		title: "three nodes: 5,000 messages/s, 10 senders, 30 receivers",
		nodes: 3,
		load: { clients: 30, senders: 10, size: 200, mode: "rate", rate: 5000 },
	},
	{
		name: "batched",
		title: "three nodes, 6 clients: 1,000 messages in flight",
		nodes: 3,
		load: { ...FEW, window: 1000 },
	},
	{
		name: "unbatched",
		title: "the same, 1 in flight, an entry for each",
		nodes: 3,
		load: { ...FEW, window: 1 },
	},
	{
		name: "memory-3000",
		title: "memory: 3,000 receivers, 20 messages/s",
		nodes: 0,
		load: { ...MANY, mode: "rate", rate: 20 },
	},
	{
		name: "one-3000",
		title: "one node on Redis: the same",
		nodes: 1,
		load: { ...MANY, mode: "rate", rate: 20 },
	},
	{
		name: "three-3000",
		title: "three nodes: the same",
		nodes: 3,
		load: { ...MANY, mode: "rate", rate: 20 },
	},
	{
		name: "memory-3000-64",
		title: "memory: 3,000 receivers, 64 messages in flight",
		nodes: 0,
		load: { ...MANY, mode: "window", window: 64 },
	},
	{
		name: "three-3000-64",
		title: "three nodes: the same",
		nodes: 3,
		load: { ...MANY, mode: "window", window: 64 },
	},
];
