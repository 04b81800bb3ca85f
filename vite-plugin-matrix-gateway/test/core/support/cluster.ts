/** Several gateways on one delaying log, and clients with sessions that come back at any of them. */
import { expect } from "vitest";
import { createGateway } from "../../../src/core/gateway.ts";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import { type Client, createClient, type Message } from "./client.ts";
import {
	createDelayingLog,
	createRandom,
	type DelayingLog,
} from "./delaying-order.ts";
import { createFakeHost, type FakeHost } from "./host.ts";
import {
	connect,
	createSessionClient,
	cut,
	read,
	type SessionClient,
} from "./session-client.ts";
import { type Speaker, sayAgain, speak } from "./speaker.ts";
import { replayPresence } from "./words.ts";

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
		| "vanish";
	readonly who: number;
	readonly whom: number;
	/** Frames before a cut, things that happen, tenths of a second. */
	readonly size: number;
	readonly node: number;
}

const NAMES = ["a", "b", "c"];
const NODES = 2;

interface Node {
	readonly host: FakeHost;
	readonly gateway: ReturnType<typeof createGateway>;
	readonly observer: Client;
	readonly seen: Message[];
	/** Errors of the gateway's own. */
	readonly broken: unknown[];
	isAlive: boolean;
}

interface Member extends Speaker {
	node: number;
	session: string | undefined;
}

/** Plays steps, lets everyone come back, and compares what all were told. */
export function playCluster(
	seed: number,
	options: GatewayOptions,
	steps: readonly ClusterStep[],
): void {
	const log = createDelayingLog(createRandom(seed));
	const cluster: Cluster = {
		log,
		nodes: Array.from({ length: NODES }, (_, n) => createNode(log, n, options)),
		members: NAMES.map((name) => ({
			...{ client: createSessionClient(name), node: 0, sent: [] },
			session: undefined,
		})),
	};
	settleAll(cluster);
	for (const who of NAMES.keys()) comeBack(cluster, who, who);
	for (const [n, step] of steps.entries()) play(cluster, step, n);
	finish(cluster);
	for (const { broken } of cluster.nodes) expect(broken).toEqual([]);
	compareStreams(cluster);
	compareClients(cluster);
	closeAll(cluster);
}

interface Cluster {
	readonly log: DelayingLog;
	readonly nodes: readonly Node[];
	readonly members: readonly Member[];
}

function createNode(
	log: DelayingLog,
	n: number,
	options: GatewayOptions,
): Node {
	const host = createFakeHost();
	const broken: unknown[] = [];
	// Each process draws its own ids.
	const { randomId, randomSecret } = host;
	Object.assign(host, {
		onBroken: (error: unknown) => broken.push(error),
		randomId: () => `${n}-${randomId()}`,
		randomSecret: () => `${n}-${randomSecret()}`,
	});
	const gateway = createGateway(
		host,
		{ heartbeatInterval: 0, ...options },
		log.createOrder(host.defer),
	);
	const observer = createClient(gateway, host);
	observer.send({ type: "ping" });
	return { host, gateway, observer, seen: [], broken, isAlive: true };
}

function play(cluster: Cluster, step: ClusterStep, n: number): void {
	const { log, nodes, members } = cluster;
	const member = members[step.who] as Member;
	const { client } = member;
	follow(cluster, step.who);
	if (step.do === "turn") turnAll(cluster);
	if (step.do === "deliver") for (let i = 0; i <= step.size; i++) log.step();
	if (step.do === "wait")
		for (const { host, isAlive } of nodes)
			if (isAlive) host.advance(100 * step.size);
	if (step.do === "vanish" && step.size === 0) vanish(cluster, 1);
	if (step.do === "connect" && !client.connection)
		comeBack(cluster, step.who, step.node);
	if (!client.connection) return;
	if (step.do === "cut") drop(member, step.size);
	if (step.do === "read") readAll(member);
	speak(member, step, n, NAMES);
}

function comeBack(cluster: Cluster, who: number, at: number): void {
	const member = cluster.members[who] as Member;
	const alive = cluster.nodes.filter(({ isAlive }) => isAlive);
	const node = alive[at % alive.length] as Node;
	member.node = cluster.nodes.indexOf(node);
	connect(member.client, createClient(node.gateway, node.host));
	// Until it has its answer, it does not know what to send again.
	cluster.log.settle();
	node.host.turn();
	follow(cluster, who);
	readAll(member);
}

/** Reads, and where a session goes on sends again what the gateway has not got. */
function readAll(member: Member): void {
	const { client } = member;
	for (const ack of read(client)) {
		if (ack?.resumed === true) sayAgain(member, Number(ack.received));
	}
	learnSession(member);
}

/** In another session than before, the gateway has got nothing of it yet. */
function learnSession(member: Member): void {
	const { session } = member.client;
	if (session === member.session) return;
	member.session = session;
	member.sent = [];
}

/** Its line is cut after so many more frames. */
function drop(member: Member, frames: number): void {
	cut(member.client, frames);
	learnSession(member);
}

/** The gateway may have closed it, or its node may be gone. */
function follow(cluster: Cluster, who: number): void {
	const member = cluster.members[who] as Member;
	const { connection } = member.client;
	if (!connection) return;
	const { closing, terminated } = connection.socket;
	if (!closing && !terminated) return;
	if (closing) expect([4201, 4204]).toContain(closing.code);
	readAll(member);
	drop(member, 0);
}

function vanish(cluster: Cluster, index: number): void {
	const node = cluster.nodes[index] as Node;
	if (!node.isAlive) return;
	node.isAlive = false;
	cluster.log.vanish(node.gateway.nodeId);
	for (const member of cluster.members)
		if (member.node === index && member.client.connection) drop(member, 0);
}

function turnAll({ nodes }: Cluster): void {
	for (const { host, isAlive } of nodes) if (isAlive) host.turn();
}

function settleAll(cluster: Cluster): void {
	for (let round = 0; round < 4; round++) {
		cluster.log.settle();
		turnAll(cluster);
	}
	for (const { observer, seen, isAlive } of cluster.nodes)
		if (isAlive) seen.push(...observer.messages());
}

function finish(cluster: Cluster): void {
	for (let round = 0; round < 4; round++) {
		settleAll(cluster);
		for (const [who, { client }] of cluster.members.entries()) {
			follow(cluster, who);
			if (!client.connection) comeBack(cluster, who, who + round);
			readAll(cluster.members[who] as Member);
		}
	}
	settleAll(cluster);
	for (const member of cluster.members) readAll(member);
}

const isBroadcast = ({ type, target_id }: Message) =>
	(type === "note" && target_id === undefined) ||
	type === "agent_joined" ||
	type === "agent_left";

const inWord = ({ type, n, agentId }: Message) => `${type} ${n ?? agentId}`;

/** Whoever watches sees one order, wherever it is, in which joined and left alternate. */
function compareStreams({ nodes }: Cluster): void {
	const streams = nodes
		.filter(({ isAlive }) => isAlive)
		.map(({ seen }) => seen.filter(isBroadcast).map(inWord));
	for (const stream of streams) {
		const shorter = Math.min(stream.length, streams[0]?.length ?? 0);
		expect(stream.slice(-shorter)).toEqual(streams[0]?.slice(-shorter));
	}
	for (const { seen, isAlive } of nodes) if (isAlive) replayPresence(seen);
}

/** Each client has seen the end of that order from its session's begin on, and lost nothing it sent. */
function compareClients({ nodes, members }: Cluster): void {
	const watcher = nodes.find(({ isAlive }) => isAlive) as Node;
	for (const { client, sent } of members) {
		const own = new Set(sent.map((text) => JSON.parse(text).n));
		const mine = client.got.slice(client.startedAt);
		const stream = watcher.seen
			.filter(isBroadcast)
			.filter((message) => !isOwn(message, own))
			.map(inWord);
		const heard = mine.filter(isBroadcast).map(inWord);
		expect(heard, client.agentId).toEqual(
			heard.length > 0 ? stream.slice(-heard.length) : [],
		);
		expect(client.lost).toEqual([]);
		compareSent(watcher, members, client, sent);
	}
}

const isOwn = ({ n }: Message, own: ReadonlySet<unknown>) =>
	n !== undefined && own.has(n);

/** All that it sent was done once, in its order; what was directed is told of once as delivered. */
function compareSent(
	watcher: Node,
	members: readonly Member[],
	client: SessionClient,
	sent: readonly string[],
): void {
	const messages: Message[] = sent.map((text) => JSON.parse(text));
	const own = new Set(messages.map(({ n }) => n));
	const routed = watcher.seen.filter((message) => isOwn(message, own));
	expect(routed.map(({ n }) => n)).toEqual(
		messages.filter(isBroadcast).map(({ n }) => n),
	);
	for (const { n, target_id, receipt } of messages) {
		if (target_id === undefined) continue;
		const told = client.got
			.filter(({ id }) => id === receipt)
			.map(({ status }) => status)
			.join(" ");
		expect(OUTCOMES).toContain(told);
		const arrived = members.flatMap(({ client: { got } }) =>
			got.filter((message) => message.n === n),
		);
		const most = told.endsWith("delivered") ? 1 : 0;
		expect(arrived.length, `${receipt}: ${told}`).toBeLessThanOrEqual(most);
	}
}

const OUTCOMES = ["offline", "delivered", "queued delivered", "queued dropped"];

function closeAll(cluster: Cluster): void {
	for (const { gateway, isAlive } of cluster.nodes)
		if (isAlive) void gateway.close();
	settleAll(cluster);
}
