/** What a cluster has told, compared with what the node knows that nothing has happened to. */
import { expect } from "vitest";
import type { Entry, NodeId } from "../../../src/core/world/command.ts";
import type { Message } from "./client.ts";
import type { Cluster, ClusterMember } from "./cluster-node.ts";
import type { SessionClient } from "./session-client.ts";
import { replayPresence } from "./words.ts";

export function compareCluster(cluster: Cluster): void {
	for (const { process } of cluster.all) expect(process.broken).toEqual([]);
	compareWorlds(cluster);
	compareStreams(cluster);
	for (const member of cluster.members) compareClient(cluster, member);
}

const isBroadcast = ({ type, target_id }: Message) =>
	(type === "note" && target_id === undefined) ||
	type === "agent_joined" ||
	type === "agent_left";

const inWord = ({ type, n, agentId }: Message) => `${type} ${n ?? agentId}`;

/** All that take part have one world, with one owner for each name. */
function compareWorlds({ all, watcher }: Cluster): void {
	const world = watcher.part.node.snapshot();
	for (const { part, state } of all)
		if (state === "up") expect(part.node.snapshot()).toEqual(world);
	expect(new Set(world.roster).size).toBe(world.roster.length);
}

/** Whether others have said of a node that it is gone, which had not spoken since. */
export function isFenced(entries: readonly Entry[], id: NodeId): boolean {
	let sequence = 0;
	for (const entry of entries) {
		if (entry.node === id && entry.sequence === sequence + 1) sequence++;
		for (const command of entry.commands)
			if (command.type === "gone" && command.node === id)
				if (sequence <= command.seen) return true;
	}
	return false;
}

/** Whoever watches sees one order, wherever it is, in which joined and left alternate. */
function compareStreams({ all, watcher }: Cluster): void {
	const truth = watcher.seen.filter(isBroadcast).map(inWord);
	for (const { seen, state, hasSeenLost } of all) {
		replayPresence(seen);
		const words = seen.filter(isBroadcast).map(inWord);
		if (state === "up") expectEnd(words, truth);
		else if (!hasSeenLost) expectPart(words, truth);
	}
}

/** The shorter is the end of the longer: either has come later. */
function expectEnd(one: readonly string[], other: readonly string[]): void {
	const length = Math.min(one.length, other.length);
	expect(one.slice(one.length - length)).toEqual(
		other.slice(other.length - length),
	);
}

/** One is a piece of the other, or of what came before it. */
function expectPart(part: readonly string[], whole: readonly string[]): void {
	const [first] = whole;
	// The watcher was not there from the beginning.
	const start = first === undefined ? -1 : part.indexOf(first);
	const later = part.slice(Math.max(0, start));
	const text = ` ${whole.join(" | ")} `;
	if (start >= 0 || text.includes(` ${part[0]} `))
		expect(text).toContain(later.join(" | "));
}

/** A client has seen the end of that order from its session's begin on, and lost nothing it sent. */
function compareClient(cluster: Cluster, member: ClusterMember): void {
	const { watcher } = cluster;
	const { client, sent } = member;
	expect(client.connection, `${client.agentId} is back`).toBeDefined();
	const own = new Set(sent.map((text) => JSON.parse(text).n));
	const mine = client.got.slice(client.startedAt);
	const stream = watcher.seen
		.filter(isBroadcast)
		.filter((message) => !isOwn(message, own))
		.filter(({ by }) => client.agentId !== "c" || !by || by === "a")
		.map(inWord);
	const heard = mine.filter(isBroadcast).map(inWord);
	expect(heard, client.agentId).toEqual(
		heard.length > 0 ? stream.slice(-heard.length) : [],
	);
	expect(client.lost).toEqual([]);
	compareSent(cluster, client, sent);
}

const isOwn = ({ n }: Message, own: ReadonlySet<unknown>) =>
	n !== undefined && own.has(n);

/** All that it sent was done once, in its order; what was directed is told of once as delivered. */
function compareSent(
	cluster: Cluster,
	client: SessionClient,
	sent: readonly string[],
): void {
	const { watcher } = cluster;
	const messages: Message[] = sent.map((text) => JSON.parse(text));
	const own = new Set(messages.map(({ n }) => n));
	const routed = watcher.seen.filter((message) => isOwn(message, own));
	expect(routed.map(({ n }) => n)).toEqual(
		messages.filter(isBroadcast).map(({ n }) => n),
	);
	for (const { n, target_id, receipt } of messages) {
		if (target_id === undefined) continue;
		const told = client.got
			.slice(client.startedAt)
			.filter(({ id }) => id === receipt)
			.map(({ status }) => status)
			.join(" ");
		expect(OUTCOMES).toContain(told);
		const most = told.endsWith("delivered") ? 1 : 0;
		const arrived = arrivals(cluster, n);
		expect(arrived, `${receipt}: ${told}`).toBeLessThanOrEqual(most);
	}
}

/** Who was told that something is lost may get what it has got before. */
function arrivals({ members, hasLost }: Cluster, n: unknown): number {
	return members.flatMap(({ client: { got, startedAt } }) =>
		got.slice(hasLost ? startedAt : 0).filter((message) => message.n === n),
	).length;
}

const OUTCOMES = ["offline", "delivered", "queued delivered", "queued dropped"];
