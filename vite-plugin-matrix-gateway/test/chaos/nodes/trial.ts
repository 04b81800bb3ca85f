/** One trial: nodes of one hub, those who use it, and what is done to it meanwhile. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { RedisServerOptions } from "../../support/redis.ts";
import { until } from "../../support/until.ts";
import { createRandom, type Random } from "../random.ts";
import { createNode, type Node } from "./node.ts";
import { expectOneWorld } from "./one-world.ts";
import { findHoles, judge } from "./oracle.ts";
import { createPeople, guestOf, type People } from "./people.ts";
import type { Records } from "./records.ts";
import { type RedisSide, startRedisSide } from "./redis-side.ts";
import { talk } from "./talk.ts";

export interface Scenario {
	/** What happens, for the test's name. */
	readonly name: string;
	/** Absent: one node, on its own memory. */
	readonly redis?: RedisServerOptions & { readonly hasReplica?: boolean };
	/** Whether Redis may forget what it had; else nobody may lose a session. */
	readonly losesHistory?: boolean;
	/** Whether nobody may leave, not even who has no session. */
	readonly allStay?: boolean;
	/** Happens while all talk. */
	disturb(trial: Trial): Promise<void>;
}

export interface Trial {
	readonly random: Random;
	readonly nodes: readonly Node[];
	readonly redis: RedisSide;
	readonly people: People;
	/** Has everyone talk for a while, in milliseconds. */
	pass(milliseconds: number): Promise<void>;
	/** Waits until everyone is online. */
	untilBack(): Promise<void>;
	/** Waits until all others were told that the guest of a node has left. */
	untilGuestLeft(index: number): Promise<void>;
}

const NODES = 3;

/** Milliseconds until everyone has come through, on a machine that is busy. */
const PATIENCE = 60_000;

/** So that who is on a node that stopped notices it within seconds. */
const FLAGS = ["--heartbeat-interval=1000", "--reconnect-after=200"];

/** Runs it, and expects that all promises were kept. */
export async function runTrial(
	scenario: Scenario,
	seed: number,
): Promise<Records> {
	const { losesHistory = false } = scenario;
	const random = createRandom(seed);
	const redis = await startRedisOf(scenario, random.fork());
	const nodes = await startNodes(redis);
	const people = await createPeople(nodes, random.fork());
	const untilBack = () => untilAllAreThere(people);
	await untilBack();

	const stop = talk(people, random.fork());
	await scenario.disturb({
		...{ random, nodes, people, untilBack },
		redis: redis as RedisSide,
		pass: sleep,
		untilGuestLeft: (index) => untilGuestLeft(people, index),
	});
	await stop();
	await untilBack();
	await settle(people);

	const records = people.records();
	const faults = [
		...(losesHistory ? [] : findLosses(people)),
		...(scenario.allStay ? findLeavers(people) : []),
		...judge(records, losesHistory),
	];
	if (faults.length > 0) throw new Error(toReport(faults, people, nodes));
	await expectOneWorld(nodes, people, losesHistory);
	return records;
}

async function startRedisOf({ redis: options }: Scenario, random: Random) {
	if (!options) return undefined;
	const redis = await startRedisSide(options, random);
	onTestFinished(() => redis.stop());
	return redis;
}

async function startNodes(redis: RedisSide | undefined): Promise<Node[]> {
	const flags = redis ? [...FLAGS, `--redis=${redis.url}`] : FLAGS;
	const many = Array.from({ length: redis ? NODES : 1 }, () =>
		createNode(flags),
	);
	const nodes = await Promise.all(many);
	onTestFinished(async () => {
		await Promise.all(nodes.map((node) => node.kill()));
	});
	// One after the other: the first is the one whose ticks count.
	for (const node of nodes) await node.start();
	return nodes;
}

/** Everyone says a last word; all before it has come by then. */
async function settle(people: People): Promise<void> {
	for (const agent of people.agents) agent.speak();
	// What never comes is told by the oracle.
	await untilSo(() => findHoles(people.records()).length === 0).catch(() => {});
	const receipts = () => people.agents.flatMap((agent) => agent.receipts);
	const isOwed = (told: string) => told === "" || told === "queued";
	await untilSo(() => !receipts().some(isOwed), 5_000).catch(() => {});
}

async function untilAllAreThere(people: People): Promise<void> {
	await untilSo(people.areThere).catch(() => {
		throw new Error(`not back:\n${people.standing().join("\n")}`);
	});
}

async function untilGuestLeft(people: People, index: number): Promise<void> {
	const others = people.viewers.filter((_, of) => of !== index);
	const hasLeft = () =>
		others.every((viewer) => leavesOf(viewer, guestOf(index)) > 0);
	await untilSo(hasLeft);
}

/** Asks in steps: what is asked may be long to find, and the nodes need the machine too. */
async function untilSo(isSo: () => boolean, patience = PATIENCE) {
	const ask = async () => {
		await sleep(50);
		return isSo();
	};
	await until(ask, Boolean, patience);
}

function findLosses({ agents }: People): string[] {
	return agents.flatMap(({ name, beginnings, refused }) => [
		...(beginnings.includes("lost") ? [`${name} lost its session`] : []),
		...(refused ? [`${name} was refused: ${refused}`] : []),
	]);
}

function findLeavers({ viewers, guests }: People): string[] {
	const names = guests.map((_, index) => guestOf(index));
	return names
		.filter((name) => viewers.some((viewer) => leavesOf(viewer, name) > 0))
		.map((name) => `${name} was told of as gone`);
}

function leavesOf(viewer: People["viewers"][number], name: string): number {
	return viewer
		.segments()
		.flatMap(({ presence }) => presence)
		.filter(({ agentId, isThere }) => agentId === name && !isThere).length;
}

/** What broke, how everyone fared, and where all that the nodes have printed is. */
function toReport(
	faults: readonly string[],
	{ agents }: People,
	nodes: readonly Node[],
): string {
	const folder = mkdtempSync(join(tmpdir(), "matrix-trial-"));
	for (const [index, node] of nodes.entries())
		writeFileSync(join(folder, `node-${index}.log`), node.logs());
	const fates = agents.map(
		({ name, beginnings }) => `${name}: ${beginnings.join(", ")}`,
	);
	const lost = nodes.flatMap((node) =>
		node
			.logs()
			.split("\n")
			.filter((line) => line.includes('"notResumed"')),
	);
	const all = [`${faults.length} faults`, ...faults.slice(0, 20), ...fates];
	all.push(...lost);
	return [...all, `The nodes' logs are in ${folder}`].join("\n");
}
