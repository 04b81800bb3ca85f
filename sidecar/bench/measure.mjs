/** One hub at one piece of work, once. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { certificate } from "./certificate.mjs";
import { collect, startHub, startLoad, stop } from "./processes.mjs";

/**
 * @typedef {object} Measurement
 * @property {string} [error] why there is none
 * @property {number} [perSecond] deliveries per second of the server's CPU time
 * @property {number} [serverCpu] seconds
 * @property {number} [serverBusy] share of a core
 * @property {number} [loadBusy] share of a core
 * @property {number} [others] share of the machine that neither of the two took
 * @property {number} [rate] messages a second that were due, where it was measured what that is
 * @property {number} [carried] share of what was due that was delivered in that time
 * @property {number} [lateP99] milliseconds that the generator itself sent late
 * @property {number} [p50] milliseconds
 * @property {number} [p90] milliseconds
 * @property {number} [p99] milliseconds
 * @property {number} [p999] milliseconds
 * @property {number} [kilobytes] a connection
 * @property {number} [longestTurn] milliseconds
 * @property {number} [reconnects] of stalled readers
 */

/**
 * @param {{ hub: import("./hubs.mjs").Hub, launch: import("./hubs.mjs").Launch, work: import("./cases.mjs").Case,
 *   load: import("./cases.mjs").Load, generator: string[] }} run
 * @returns {Promise<Measurement>}
 */
export async function measure({ hub, launch, work, load, generator }) {
	const withMemory = load.mode === "idle";
	const tls = load.tls ? await certificate() : undefined;
	const server = startHub(hub, launch, { args: work.args, withMemory, tls });
	try {
		const { port, pid } = await server;
		const { path = "/", dialect = "plain", ours = false } = hub;
		const child = startLoad(generator, { ...load, port, pid, path, dialect });
		return withMemory
			? await measureMemory(await server, child, ours)
			: toMeasurement(await answerOf(child));
	} catch (error) {
		const { message } = /** @type {Error} */ (error);
		const complaint = await server.then((it) => it.complaint()).catch(() => "");
		return {
			error: [message, lastLine(complaint)].filter(Boolean).join(" · "),
		};
	} finally {
		await server.then(({ child }) => stop(child)).catch(() => {});
	}
}

/** @param {Record<string, number>} answer
 * @returns {Measurement}
 */
function toMeasurement({
	deliveries = 0,
	seconds = 0,
	serverCpu = 0,
	loadCpu = 0,
	p50,
	p90,
	p99,
	p999,
	others = 0,
	reconnects,
	lateP99,
	carried,
}) {
	if (deliveries === 0 || serverCpu === 0)
		return { error: "the hub got no time to deliver anything" };
	return {
		perSecond: deliveries / serverCpu,
		serverCpu,
		serverBusy: serverCpu / seconds,
		loadBusy: loadCpu / seconds,
		others,
		...(p99 ? { p50, p90, p99, p999 } : {}),
		...(carried === undefined ? {} : { carried, lateP99 }),
		...(reconnects ? { reconnects } : {}),
	};
}

/** @param {import("node:child_process").ChildProcess} child */
export async function answerOf(child) {
	const [output, complaint] = [collect(child.stdout), collect(child.stderr)];
	await once(child, "close");
	if (!output()) throw new Error(`the load generator failed: ${complaint()}`);
	const answer = JSON.parse(output());
	if (answer.error) throw new Error(answer.error);
	return answer;
}

/** A heartbeat's sweep, which the cases set to 3 s, and what it takes to settle. */
const SWEEP_TIME = 4_000;
const SETTLE_TIME = 1_000;

/**
 * @param {Awaited<ReturnType<typeof startHub>>} server
 * @param {import("./processes.mjs").ChildProcess} child
 * @param {boolean} hasHeartbeat
 */
async function measureMemory(server, child, hasHeartbeat) {
	const before = await memoryOf(server);
	const answer = answerOf(child);
	await Promise.race([
		answer,
		once(
			/** @type {NonNullable<typeof child.stdout>} */ (child.stdout),
			"data",
		),
	]);
	await wait(SETTLE_TIME);
	await memoryOf(server);
	if (hasHeartbeat) await wait(SWEEP_TIME);
	const after = await memoryOf(server);
	child.stdin?.end();
	const { ready = 1 } = await answer;
	const kilobytes = (after.bytes - before.bytes) / 1000 / ready;
	return {
		kilobytes,
		...(server.observed ? { longestTurn: after.longestTurn } : {}),
	};
}

/**
 * @param {Awaited<ReturnType<typeof startHub>>} server
 * @returns {Promise<{ bytes: number, longestTurn?: number }>}
 */
async function memoryOf({ child, pid, observed }) {
	if (observed) {
		child.send("memory");
		const [answer] = await once(child, "message");
		return answer;
	}
	const pages = Number(
		readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1],
	);
	return { bytes: pages * 4096 };
}

/** @param {string} text */
function lastLine(text) {
	return text.split("\n").at(-1)?.slice(0, 200);
}
