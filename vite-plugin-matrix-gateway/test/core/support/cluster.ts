/**
 * Several gateways on one delaying log, which stop, vanish, restart and are fenced, and clients with
 * sessions that come back at any of them. One more that nothing happens to knows what is true.
 */
import { expect } from "vitest";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import { createClient } from "./client.ts";
import { compareCluster, isFenced } from "./cluster-comparison.ts";
import {
	type ClusterNode,
	isReachable,
	isRunning,
	observe,
	startNode,
} from "./cluster-node.ts";
import {
	createDelayingLog,
	createRandom,
	type DelayingLog,
} from "./delaying-order.ts";
import { connect, createSessionClient, cut, read } from "./session-client.ts";
import { type Speaker, sayAgain, speak } from "./speaker.ts";

/** One operation on the cluster. */
export interface ClusterStep {
	readonly do:
		| "broadcast"
		| "direct"
		| "connect"
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
		| "lose";
	readonly who: number;
	readonly whom: number;
	/** Frames before a cut, things that happen, tenths of a second. */
	readonly size: number;
	readonly node: number;
}

export interface ClusterMember extends Speaker {
	node: ClusterNode | undefined;
	session: string | undefined;
}

export interface Cluster {
	readonly log: DelayingLog;
	readonly options: GatewayOptions;
	readonly members: readonly ClusterMember[];
	/** Those that clients come to, of now. */
	readonly nodes: ClusterNode[];
	/** All that there were. */
	readonly all: ClusterNode[];
	/** To which nothing happens, and which has the history that others may lose. */
	readonly watcher: ClusterNode;
	hasLost: boolean;
}

const NAMES = ["a", "b", "c"];
const NODES = 3;

/** Plays steps, lets everyone come back, and compares what all were told. */
export function playCluster(
	seed: number,
	given: GatewayOptions,
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
		session: undefined,
	}));
	const all = [...nodes, watcher];
	const cluster: Cluster = {
		...{ log, options, members, nodes, all, watcher, hasLost: false },
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
	follow(member);
	if (step.do === "turn") turnAll(cluster);
	if (step.do === "deliver") for (let i = 0; i <= step.size; i++) log.step();
	if (step.do === "wait")
		for (const node of cluster.all)
			if (isRunning(node)) node.process.host.advance(100 * step.size);
	happen(cluster, step);
	tend(cluster);
	if (step.do === "connect" && !client.connection)
		comeBack(cluster, step.who, step.node);
	if (!client.connection) return;
	if (step.do === "cut") drop(member, step.size);
	if (step.do === "read") readAll(member);
	speak(member, step, n, NAMES);
}

/** Something happens to a process, or to the log. */
function happen(cluster: Cluster, step: ClusterStep): void {
	const { log } = cluster;
	const node = cluster.nodes[step.node] as ClusterNode;
	if (step.do === "lose" && step.size === 0) lose(cluster);
	if (node.state !== "up") return;
	if (step.do === "stall") node.part.isStalled = true;
	if (step.do === "wake") node.part.isStalled = false;
	if (step.do === "miss") log.miss(node.id);
	if (step.do === "vanish") {
		node.state = "gone";
		log.vanish(node.id);
		for (const member of membersOn(cluster, node)) drop(member, 0);
	}
	if (step.do === "restart" && !node.part.isStalled) {
		node.state = "leaving";
		void node.process.gateway.close();
	}
}

function lose(cluster: Cluster): void {
	const { log, watcher, members } = cluster;
	log.lose(watcher.id);
	cluster.hasLost = true;
	for (const node of cluster.all) {
		if (node.process.ended.length === 0 && node.state !== "gone") continue;
		node.hasSeenLost = true;
		for (const member of membersOn(cluster, node)) drop(member, 1);
	}
	// What they saw and is lost is not what they are to see again.
	for (const { client } of members) client.lost = [];
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
	for (const member of membersOn(cluster, node)) follow(member);
	node.state = "gone";
}

function comeBack(cluster: Cluster, who: number, at: number): void {
	const member = cluster.members[who] as ClusterMember;
	const reachable = cluster.nodes.filter(isReachable);
	const node = reachable[at % reachable.length];
	if (!node) return;
	const { gateway, host } = node.process;
	member.node = node;
	connect(member.client, createClient(gateway, host));
	// Until it has its answer, it does not know what to send again.
	cluster.log.settle();
	host.turn();
	follow(member);
	readAll(member);
}

const membersOn = (cluster: Cluster, on: ClusterNode) =>
	cluster.members.filter(
		({ node, client }) => node === on && client.connection,
	);

/** Reads, and where a session goes on sends again what the gateway has not got. */
function readAll(member: ClusterMember): void {
	const { client } = member;
	for (const ack of read(client)) {
		if (ack?.resumed === true) sayAgain(member, Number(ack.received));
	}
	learnSession(member);
}

/** In another session than before, the gateway has got nothing of it yet. */
function learnSession(member: ClusterMember): void {
	const { session } = member.client;
	if (session === member.session) return;
	member.session = session;
	member.sent = [];
}

/** Its line is cut after so many more frames. */
function drop(member: ClusterMember, frames: number): void {
	cut(member.client, frames);
	learnSession(member);
}

/** The gateway may have closed it. */
function follow(member: ClusterMember): void {
	const { connection } = member.client;
	const { closing, terminated } = connection?.socket ?? {};
	if (!closing && !terminated) return;
	if (closing) expect([1001, 1012, 4201, 4204]).toContain(closing.code);
	readAll(member);
	drop(member, 0);
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
		log.missAll();
		settleAll(cluster);
		for (const [who, member] of members.entries()) {
			follow(member);
			if (!member.client.connection) comeBack(cluster, who, who + round);
			readAll(member);
		}
	}
	settleAll(cluster);
	for (const member of members) readAll(member);
}

function closeAll(cluster: Cluster): void {
	for (const { process, state } of cluster.all)
		if (state === "up") void process.gateway.close();
	settleAll(cluster);
}
