/** What the load generator answers, as figures and as gates. */
import { count, round } from "../report.mjs";

/**
 * @typedef {object} Answer
 * @property {number} deliveries
 * @property {number} seconds
 * @property {number} serverCpu seconds, of all nodes and Redis
 * @property {number} redisCpu seconds
 * @property {number} loadCpu seconds
 * @property {number} p50 milliseconds, from one node to another where there are several
 * @property {number} p99 milliseconds
 * @property {number} others share of the machine that none of these took
 * @property {number} [carried] share of what was due that was delivered
 */

export const HEAD = [
	"",
	"deliveries per CPU s",
	"of it Redis",
	"p50 ms",
	"p99 ms",
	"nodes and Redis",
	"load",
	"others",
];

/** @param {Answer} answer */
export function toCells(answer) {
	const { seconds, serverCpu, redisCpu, loadCpu, p50, p99, others } = answer;
	const isBehind = (answer.carried ?? 1) < 0.97;
	return [
		count(perCpuSecond(answer)),
		percent(redisCpu / serverCpu),
		`${round(p50)}${isBehind ? " (behind!)" : ""}`,
		round(p99),
		percent(serverCpu / seconds),
		percent(loadCpu / seconds),
		percent(others),
	];
}

/**
 * The median of each figure.
 * @param {Answer[]} answers
 * @returns {Answer}
 */
export function toMedian(answers) {
	const keys = /** @type {(keyof Answer)[]} */ (Object.keys(answers[0] ?? {}));
	const medians = keys.map((key) => {
		const values = answers.map((answer) => Number(answer[key]));
		values.sort((one, other) => one - other);
		return [key, values[Math.floor(values.length / 2)]];
	});
	return Object.fromEntries(medians);
}

/** Milliseconds for which an order that is shared gathers, at most. */
const WINDOW = 4;

/**
 * @param {(name: string) => Answer | undefined} find
 * @returns {string[]}
 */
export function toGates(find) {
	const [memory, redis] = [find("memory-500"), find("redis-500")];
	const three = find("three-5000");
	const [batched, unbatched] = [find("batched"), find("unbatched")];
	return [
		...(memory && redis
			? [
					toGate(
						"one node on Redis over memory: the node's CPU",
						nodeCpu(redis) / nodeCpu(memory),
						{ atMost: 1.6 },
					),
					toGate("the same: p50, ms", redis.p50, {
						atMost: 1.5 * memory.p50 + WINDOW,
					}),
				]
			: []),
		...(three
			? [
					toGate("three nodes, 5,000/s: p50 to another node, ms", three.p50, {
						atMost: 10,
					}),
				]
			: []),
		...(batched && unbatched
			? [
					toGate(
						"batched over unbatched: deliveries per CPU s",
						perCpuSecond(batched) / perCpuSecond(unbatched),
						{ atLeast: 3 },
					),
				]
			: []),
	];
}

/** @param {Answer} answer */
function perCpuSecond({ deliveries, serverCpu }) {
	return deliveries / serverCpu;
}

/**
 * A second of its work.
 * @param {Answer} answer
 */
function nodeCpu({ serverCpu, redisCpu, seconds }) {
	return (serverCpu - redisCpu) / seconds;
}

/**
 * @param {string} what
 * @param {number} measured
 * @param {{ atMost?: number, atLeast?: number }} need
 */
function toGate(what, measured, { atMost, atLeast }) {
	const isReached =
		measured <= (atMost ?? Number.POSITIVE_INFINITY) &&
		measured >= (atLeast ?? 0);
	const need =
		atMost === undefined ? `≥ ${round(atLeast)}` : `≤ ${round(atMost)}`;
	return `${isReached ? "ok  " : "MISS"} ${what}  ${need}  ${round(measured)}`;
}

/** @param {number} share */
function percent(share) {
	return `${Math.round(share * 100)} %`;
}
