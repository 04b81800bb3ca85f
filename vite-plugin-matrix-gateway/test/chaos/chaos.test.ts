/**
 * Clients and senders through a network that fails in every way, at random bytes.
 *
 * MATRIX_CHAOS_SEED replays a run, MATRIX_CHAOS_MS and MATRIX_CHAOS_CUTS shorten or lengthen it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { IS_REDIS_MISSING } from "../support/redis.ts";
import { until } from "../support/until.ts";
import { type RunningGateway, startGateway } from "./gateway.ts";
import { missing } from "./missing.ts";
import { join, type Participant } from "./participant.ts";
import { type ChaosProxy, createChaosProxy } from "./proxy.ts";
import { createRandom, type Random } from "./random.ts";

const SEED = Number(process.env.MATRIX_CHAOS_SEED ?? Date.now() % 2 ** 31);
const DURATION = Number(process.env.MATRIX_CHAOS_MS ?? 30_000);
const CUTS = Number(process.env.MATRIX_CHAOS_CUTS ?? 1_000);

const CLIENTS = 20;
const SENDERS = 4;
const OPTIONS = { heartbeatInterval: 300 };

/** Milliseconds until everyone has come through, on a machine that is busy. */
const PATIENCE = 60_000;

/** The same on a Redis, where there is one (see vitest.config.ts). */
const isSkipped = process.env.MATRIX_TEST_ORDER === "redis" && IS_REDIS_MISSING;

let gateway: RunningGateway;
let proxy: ChaosProxy;
let everyone: Participant[] = [];

afterEach(async () => {
	for (const participant of everyone) participant.dispose();
	everyone = [];
	await proxy.close();
	await gateway.kill();
});

async function start(random: Random): Promise<void> {
	gateway = await startGateway(OPTIONS);
	proxy = await createChaosProxy({
		port: gateway.port,
		random: random.fork(),
		bytes: [500, 30_000],
		silence: 400,
	});
	const url = `ws://127.0.0.1:${proxy.port}/ws/matrix`;
	const names = [
		...Array.from({ length: SENDERS }, (_, n) => `sender-${n}`),
		...Array.from({ length: CLIENTS }, (_, n) => `client-${n}`),
	];
	everyone = names.map((name) => join(url, name));
	await untilAll(({ isOnline }) => isOnline);
}

/** Everyone talks, senders more and to all, until there were time and cuts enough. */
async function talk(random: Random, isOver: () => boolean): Promise<void> {
	const senders = everyone.slice(0, SENDERS);
	const clients = everyone.slice(SENDERS);
	const names = (of: Participant[]) => of.map(({ agentId }) => agentId);
	while (!isOver()) {
		for (const sender of senders) {
			sender.speak();
			sender.speak(random.pick(names(clients)));
		}
		random.pick(clients).speak(random.pick(names(senders)));
		await sleep(10);
	}
}

/** Waits until this is so of everyone. */
async function untilAll(
	isSo: (participant: Participant, index: number) => boolean,
): Promise<void> {
	const others = () =>
		everyone
			.filter((participant, index) => !isSo(participant, index))
			.map(({ standing, faults }) => [standing, ...faults]);
	await until(others, isEmpty, PATIENCE);
}

function isEmpty({ length }: readonly unknown[]): boolean {
	return length === 0;
}

/** Once the network is calm, the last message of everyone has to arrive everywhere. */
async function settle(): Promise<void> {
	proxy.calm();
	await untilAll(({ isOnline }) => isOnline);
	// Who broke a rule is told first.
	await until(() => missing(everyone), isEmpty, PATIENCE).catch(() => {});
}

test.skipIf(isSkipped)(
	`RES3 over ${CUTS} cuts every message comes exactly once and in order, both ways (MATRIX_CHAOS_SEED=${SEED})`,
	async () => {
		console.log(`MATRIX_CHAOS_SEED=${SEED}`);
		const random = createRandom(SEED);
		await start(random);
		const end = Date.now() + DURATION;
		await talk(random, () => Date.now() > end && proxy.cuts >= CUTS);
		await settle();
		expect(everyone.flatMap(({ faults }) => faults)).toEqual([]);
		expect(missing(everyone)).toEqual([]);
		expect(
			everyone.every(({ beginnings }) =>
				beginnings.every((beginning, index) =>
					index === 0 ? beginning === "new" : beginning === "resumed",
				),
			),
		).toBe(true);
		const names = everyone.map(({ agentId }) => agentId).sort();
		for (const { roster } of everyone) expect(roster).toEqual(names);
		console.log(`${proxy.cuts} cuts survived`);
	},
	DURATION + 240_000,
);

test.skipIf(isSkipped)(
	`RES4 a gateway that died is never resumed, and leaves no ghost (MATRIX_CHAOS_SEED=${SEED})`,
	async () => {
		const random = createRandom(SEED + 1);
		await start(random);
		const half = Date.now() + DURATION / 12;
		await talk(random, () => Date.now() > half);
		const leaver = everyone.pop();
		const { port } = gateway;
		await gateway.kill();
		leaver?.dispose();
		// Until then somebody may still resume on the one that dies.
		await untilAll(({ isOnline }) => !isOnline);
		const before = everyone.map(({ beginnings }) => beginnings.length);
		gateway = await startGateway(OPTIONS, port);
		await untilAll(
			({ beginnings }, index) => beginnings.length > (before[index] ?? 0),
		);
		for (const [index, { beginnings }] of everyone.entries())
			expect(beginnings[before[index] ?? 0]).toBe("lost");
		const end = Date.now() + DURATION / 12;
		await talk(random, () => Date.now() > end);
		proxy.calm();
		const names = everyone.map(({ agentId }) => agentId).sort();
		await untilAll(({ roster }) => String(roster) === String(names));
		expect(everyone.flatMap(({ faults }) => faults)).toEqual([]);
		expect(
			gateway.gateway
				.status()
				.agents.map(({ agentId }) => agentId)
				.sort(),
		).toEqual(names);
	},
	DURATION + 120_000,
);
