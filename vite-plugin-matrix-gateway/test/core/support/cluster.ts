/**
 * Several gateways on one delaying log, which stop, vanish, restart and are fenced, and clients with
 * sessions that come back at any of them. One more that nothing happens to knows what is true.
 */
import { expect } from "vitest";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import { createFilter } from "../../../src/core/world/filter.ts";
import type { WorldSnapshot } from "../../../src/core/world/snapshot.ts";
import { createClient } from "./client.ts";
import { compareCluster, isFenced } from "./cluster-comparison.ts";
import {
	type Cluster,
	type ClusterMember,
	type ClusterNode,
	isReachable,
	isRunning,
	observe,
	startNode,
} from "./cluster-node.ts";
import { createDelayingLog, createRandom } from "./delaying-order.ts";
import { connect, createSessionClient, cut, read } from "./session-client.ts";
import { sayAgain, speak } from "./speaker.ts";

/** One operation on the cluster. */
export interface ClusterStep {
	readonly do:
		| "broadcast"
		| "direct"
		| "connect"
		| "abandon"
		| "cut"
		| "read"
		| "deliver"
		| "turn"
		| "wait"
		| "confirm"
		| "vanish"
		| "stall"
		| "wake"
		| "miss"
		| "restart"
		| "lag"
		| "lose"
		| "loseAll";
	readonly who: number;
	readonly whom: number;
	/** Frames before a cut, things that happen, tenths of a second. */
	readonly size: number;
	readonly node: number;
}

const NAMES = ["a", "b", "c"];
/** The last of them wants to hear the first only. */
const WANTS = [{}, {}, { subscribe: { from: ["a"] } }];
const NODES = 3;

/** Plays steps, lets everyone come back, and compares what all were told. */
export function playCluster(
	seed: number,
	{ hasRoom, ...given }: GatewayOptions & { readonly hasRoom: boolean },
	steps: readonly ClusterStep[],
): void {
	const log = createDelayingLog(createRandom(seed));
	const options = { heartbeatInterval: 0, ...given };
	const start = () => startNode(log, options);
	// The last to come, whose ticks count only where all others are gone.
	const nodes = Array.from({ length: NODES }, start);
	log.settle();
	const watcher = start();
	const members = NAMES.map((name) => ({
		...{ client: createSessionClient(name), node: undefined, sent: [] },
		...{ session: undefined, hasSeenLost: false },
	}));
	const all = [...nodes, watcher];
	const cluster: Cluster = {
		...{ log, options, hasRoom, members, nodes, all, watcher },
		hasLost: false,
	};
	settleAll(cluster);
	for (const who of NAMES.keys()) comeBack(cluster, who, who);
	for (const [n, step] of steps.entries()) play(cluster, step, n);
	finish(cluster);
	compareCluster(cluster);
	closeAll(cluster);
}

function play(cluster: Cluster, step: ClusterStep, n: number): void {
	const { log } = cluster;
	const member = cluster.members[step.who] as ClusterMember;
	const { client } = member;
	tend(cluster);
	follow(cluster, member);
	if (step.do === "turn") turnAll(cluster);
	if (step.do === "deliver") for (let i = 0; i <= step.size; i++) log.step();
	if (step.do === "wait")
		for (const node of cluster.all)
			if (isRunning(node)) node.process.host.advance(100 * step.size);
	happen(cluster, step);
	tend(cluster);
	if (step.do === "connect" && !client.connection)
		comeBack(cluster, step.who, step.node);
	if (step.do === "abandon" && !client.connection) abandon(cluster, step);
	if (!client.connection) return;
	if (step.do === "cut") drop(cluster, member, step.size);
	if (step.do === "read") readAll(cluster, member);
	speak(member, step, n, NAMES);
}

/** Something happens to a process, or to the log. */
function happen(cluster: Cluster, step: ClusterStep): void {
	const { log } = cluster;
	const node = cluster.nodes[step.node] as ClusterNode;
	if (step.do === "lag") cluster.watcher.part.isStalled = true;
	if (step.do === "lose") lose(cluster, step.size);
	if (step.do === "loseAll") loseAll(cluster, step.size);
	if (node.state !== "up") return;
	if (step.do === "stall") node.part.isStalled = true;
	if (step.do === "wake") node.part.isStalled = false;
	if (step.do === "miss") log.miss(node.id);
	if (step.do === "vanish") {
		node.state = "gone";
		log.vanish(node.id);
		for (const member of membersOn(cluster, node)) drop(cluster, member, 0);
	}
	if (step.do === "restart" && !node.part.isStalled) {
		node.state = "leaving";
		void node.process.gateway.close();
	}
}

/** What those who are ahead have applied is written yet, and so many frames of it read. */
function lose(cluster: Cluster, frames: number): void {
	const { log, watcher } = cluster;
	turnAll(cluster);
	tend(cluster);
	watcher.part.isStalled = false;
	log.lose(watcher.id);
	cluster.hasLost = true;
	for (const node of cluster.all) {
		if (node.process.ended.length === 0 && node.state !== "gone") continue;
		node.hasSeenLost = true;
		for (const member of membersOn(cluster, node))
			drop(cluster, member, frames);
	}
	forgetLost(cluster);
}

/** What they saw and is lost is not what they are to see again; some know it, all others do not. */
function forgetLost({ members, watcher }: Cluster): void {
	const world = watcher.part.node.snapshot();
	for (const member of members) {
		const { client, session } = member;
		client.lost = [];
		const most = countProvable(world, String(session));
		if (most === undefined || client.received > most) member.hasSeenLost = true;
	}
}

/**
 * How many frames a client can have got by what is left; undefined where its session has not begun.
 * Where it was bound or in doubt, and its resume since is lost, nobody can tell what it got since from
 * what was lost before.
 */
function countProvable(
	world: WorldSnapshot,
	token: string,
): number | undefined {
	const [id] = token.split(".");
	const session = world.sessions.find((other) => other.id === id);
	if (!session) return undefined;
	const { before, since, base, exceptions, bound, doubt } = session;
	const own = exceptions.map(({ frame }) => (frame ? 1 : -1));
	const audience = world.audiences?.find(
		({ allowed, interest }) => createFilter(allowed, interest)?.name === base,
	);
	const { position } = audience ?? world.log;
	const had = own.reduce<number>(
		(sum, one) => sum + one,
		before + position - since,
	);
	return Math.min(had, bound ?? had, doubt?.most ?? had);
}

/** A power cut for all, after which the log lacks its end. */
function loseAll(cluster: Cluster, frames: number): void {
	const { log, options, watcher, all } = cluster;
	turnAll(cluster);
	tend(cluster);
	watcher.part.isStalled = false;
	watcher.process.host.turn();
	observe(watcher);
	cluster.hasLost = true;
	for (const node of all) {
		node.hasSeenLost = true;
		if (node.state === "gone") continue;
		node.state = "gone";
		for (const member of membersOn(cluster, node))
			drop(cluster, member, frames);
	}
	forgetLost(cluster);
	log.loseAll(watcher.id);
	const next = startNode(log, options);
	log.settle();
	next.process.host.turn();
	// What its viewer gets goes on from there.
	next.seen.push(...watcher.seen);
	cluster.watcher = next;
	all.push(next);
}

/** Each process that is out, has vanished or goes has another in its place. */
function tend(cluster: Cluster): void {
	const { log, options, nodes, all } = cluster;
	for (const [index, node] of nodes.entries()) {
		const isOut = node.process.ended.length > 0;
		if (!isOut && node.state === "up") continue;
		if (isOut) end(cluster, node);
		const next = startNode(log, options, isOut ? [node.id] : []);
		nodes[index] = next;
		all.push(next);
	}
}

/** It has closed all that it had; and nobody is fenced who has spoken since. */
function end(cluster: Cluster, node: ClusterNode): void {
	const [reason] = node.process.ended;
	if (reason?.code === "fenced")
		expect(isFenced(cluster.log.entries, node.id)).toBe(true);
	for (const member of membersOn(cluster, node)) follow(cluster, member);
	node.state = "gone";
}

function comeBack(cluster: Cluster, who: number, at: number): void {
	const member = cluster.members[who] as ClusterMember;
	const reachable = cluster.nodes.filter(isReachable);
	const node = reachable[at % reachable.length];
	if (!node) return;
	const { gateway, host } = node.process;
	member.node = node;
	connect(member.client, createClient(gateway, host), {}, WANTS[who]);
	// Until it has its answer, it does not know what to send again.
	cluster.log.settle();
	host.turn();
	follow(cluster, member);
	readAll(cluster, member);
}

/** It gives up before it has its answer, and what it asked for may have its place later. */
function abandon(cluster: Cluster, { who, node: at, size }: ClusterStep): void {
	const { log, members } = cluster;
	const member = members[who] as ClusterMember;
	const node = cluster.nodes.filter(isReachable)[at];
	if (!node) return;
	member.node = node;
	const { gateway, host } = node.process;
	connect(member.client, createClient(gateway, host), {}, WANTS[who]);
	for (let i = 0; i < size; i++) log.step();
	drop(cluster, member, 0);
}

const membersOn = (cluster: Cluster, on: ClusterNode) =>
	cluster.members.filter(
		({ node, client }) => node === on && client.connection,
	);

/** Reads, and where a session goes on sends again what the gateway has not got. */
function readAll(cluster: Cluster, member: ClusterMember): void {
	const { client } = member;
	const before = client.got.length;
	for (const ack of read(client)) {
		if (ack?.resumed === true) sayAgain(member, Number(ack.received));
	}
	learn(cluster, member, before);
}

/**
 * In another session than before, the gateway has got nothing of it yet. It has one only where it
 * could not be resumed.
 */
function learn(
	{ hasRoom }: Cluster,
	member: ClusterMember,
	before: number,
): void {
	const { client } = member;
	if (hasRoom && !member.hasSeenLost)
		for (const { resumed } of client.got.slice(before))
			expect(resumed, client.agentId).not.toBe(false);
	if (client.session === member.session) return;
	member.session = client.session;
	member.sent = [];
	member.hasSeenLost = false;
}

/** Its line is cut after so many more frames. */
function drop(cluster: Cluster, member: ClusterMember, frames: number): void {
	const before = member.client.got.length;
	cut(member.client, frames);
	learn(cluster, member, before);
}

/** The gateway may have closed it. */
function follow(cluster: Cluster, member: ClusterMember): void {
	const { connection } = member.client;
	const { closing, terminated } = connection?.socket ?? {};
	if (!closing && !terminated) return;
	if (closing) expect([1001, 1012, 4201, 4204]).toContain(closing.code);
	readAll(cluster, member);
	drop(cluster, member, 0);
}

function turnAll({ all }: Cluster): void {
	for (const node of all) if (isRunning(node)) node.process.host.turn();
}

function settleAll(cluster: Cluster): void {
	for (let round = 0; round < 4; round++) {
		cluster.log.settle();
		turnAll(cluster);
		tend(cluster);
	}
	for (const node of cluster.all) observe(node);
}

function finish(cluster: Cluster): void {
	const { all, log, members } = cluster;
	for (const { part } of all) part.isStalled = false;
	for (let round = 0; round < 4; round++) {
		// As each does all the time, whose silence would mean that it may be gone.
		for (const node of all)
			if (isRunning(node)) node.observer.send({ type: "ping" });
		log.missAll();
		settleAll(cluster);
		for (const [who, member] of members.entries()) {
			follow(cluster, member);
			if (!member.client.connection) comeBack(cluster, who, who + round);
			readAll(cluster, member);
		}
	}
	settleAll(cluster);
	for (const member of members) readAll(cluster, member);
}

function closeAll(cluster: Cluster): void {
	for (const { process, state } of cluster.all)
		if (state === "up") void process.gateway.close();
	settleAll(cluster);
}
