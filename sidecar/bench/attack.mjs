/** What those who mean no good can do to others on a gateway. `--help` says how to ask. */
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openPair } from "./attack/pair.mjs";
import { here } from "./here.mjs";
import { gateway } from "./hubs.mjs";
import { startHub, stop } from "./processes.mjs";

/**
 * @typedef {{ name: string, title: string, attack: string, count: number, heap?: number,
 *   and?: { attack: string, count: number }[] }} Case
 *   `heap` is the largest that the gateway's may get, in MB; `and` is what others do meanwhile.
 */

/** @type {Case[]} */
const CASES = [
	{ name: "pings-1", title: "1 floods with pings", attack: "pings", count: 1 },
	{
		name: "broadcasts-1",
		title: "1 floods with broadcasts, and comes back",
		attack: "broadcasts",
		count: 1,
	},
	{
		name: "astray-1",
		title: "1 floods with messages to nobody, and comes back",
		attack: "astray",
		count: 1,
	},
	{
		name: "opens-5000",
		title: "5,000 connections are opened, some hundred at a time",
		attack: "opens",
		count: 5_000,
	},
	{
		name: "flood",
		title: "broadcasts, 5,000 connections and messages of 255 kB, all at once",
		attack: "broadcasts",
		count: 1,
		and: [
			{ attack: "opens", count: 5_000 },
			{ attack: "large", count: 1 },
		],
	},
	{
		name: "shouts-1",
		title: "1 floods 2,000 listeners with messages of 255 kB",
		attack: "shouts",
		count: 1,
		and: [{ attack: "opens", count: 2_000 }],
	},
	{ name: "pings-5", title: "5 flood with pings", attack: "pings", count: 5 },
	{
		name: "large-200",
		title: "200 direct messages of 255 kB to themselves",
		attack: "large",
		count: 200,
	},
	{
		name: "fragments-351",
		title: "351 send 16,000 fragments of a byte and no end, heap of 512 MB",
		attack: "fragments",
		count: 351,
		heap: 512,
	},
	{
		name: "fragments-2030",
		title: "2,030 do",
		attack: "fragments",
		count: 2_030,
	},
	{
		name: "dribble-100",
		title: "100 send a frame of 255 kB byte by byte, 16,000 of it",
		attack: "dribble",
		count: 100,
	},
	{
		name: "halves-2000",
		title: "2,000 send 255 kB of a message and no end",
		attack: "halves",
		count: 2_000,
	},
];

const HELP = `Usage: node sidecar/bench/attack.mjs [flags]

  --only <names>    Some of the attacks: ${CASES.map(({ name }) => name).join(", ")}
  --sidecar <file>  Another built sidecar than sidecar/dist/server.js.
  --gate            End with 1 where the p99 under attack is more than 5 times the quiet one, and than 10 ms.
  --seconds <s>     Seconds of quiet, and of attack, that are measured. Default: 5.
  --elsewhere       Attack another gateway on this machine: what is left is the wait for a core, which no gateway can help.
  --help            Print this text.`;

const { values: flags } = parseArgs({
	options: {
		only: { type: "string" },
		sidecar: { type: "string" },
		gate: { type: "boolean", default: false },
		seconds: { type: "string", default: "5" },
		elsewhere: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
const SECONDS = Number(flags.seconds);

/** What an attack may make of the p99 of others; what is less than the floor, in milliseconds, is noise. */
const MOST_TIMES = 5;
const FLOOR = 10;

/** An attack that does not end by itself is ended. */
const PATIENCE = 60_000;

if (flags.help) console.log(HELP);
else await run();

async function run() {
	const file = resolve(flags.sidecar ?? here("../dist/server.js"));
	const hub = gateway("attacked", "the gateway", file);
	console.log(
		"| attack | quiet p50, p99 (ms) | under attack p50, p99, longest (ms) | answers | memory before, most (MB) | |",
	);
	console.log("| --- | ---: | ---: | ---: | ---: | --- |");
	for (const one of CASES)
		if (!flags.only || flags.only.split(",").includes(one.name))
			console.log(await measure(hub, one));
}

/**
 * @param {import("./hubs.mjs").Hub} hub
 * @param {Case} one
 */
async function measure(hub, { title, attack, count, heap, and = [] }) {
	const found = await hub.find();
	const limit = heap ? [`--max-old-space-size=${heap}`] : [];
	const launch = { ...found, args: [...limit, ...found.args] };
	const start = () => startHub(hub, launch, { isFree: true });
	const served = await start();
	const attacked = flags.elsewhere ? await start() : served;
	const pair = await openPair(served.port);
	try {
		const quiet = await pair.measure(SECONDS);
		const before = memoryOf(attacked.pid);
		const attackers = [{ attack, count }, ...and].map((one) =>
			begin(one.attack, attacked.port, one.count),
		);
		const [attacker] = attackers;
		// Starting a process takes both cores, and is no attack. Nor is to open connections, unless that is all it does.
		await Promise.all(attackers.map(({ begun }) => begun));
		if (attack !== "opens") await attacker?.connected;
		let most = before;
		const watch = setInterval(() => {
			most = Math.max(most, memoryOf(attacked.pid));
		}, 50);
		const under = await pair.measure(SECONDS);
		const patience = wait(PATIENCE, undefined, { ref: false });
		await Promise.race([attacker?.done, patience]);
		// What is left of it in the kernel comes first.
		await Promise.race([pair.answer(), patience]);
		clearInterval(watch);
		const died = attacked.child.signalCode ?? attacked.child.exitCode;
		for (const one of attackers) one.stop();
		judge(quiet, under);
		return row([
			title,
			`${ms(quiet.p50)}, ${ms(quiet.p99)}`,
			`${ms(under.p50)}, ${ms(under.p99)}, ${ms(under.longest)}`,
			String(under.count),
			`${before}, ${most}`,
			died === null ? "stands" : `died: ${died}`,
		]);
	} finally {
		pair.close();
		for (const { child } of new Set([served, attacked])) await stop(child);
	}
}

/**
 * @param {import("./attack/pair.mjs").Times} quiet
 * @param {import("./attack/pair.mjs").Times} under
 */
function judge(quiet, under) {
	const most = Math.max(FLOOR, MOST_TIMES * quiet.p99);
	if (flags.gate && under.p99 > most) process.exitCode = 1;
}

/**
 * @param {string} attack
 * @param {number} port
 * @param {number} count
 */
function begin(attack, port, count) {
	const child = fork(here("attack/attacker.mjs"), [
		attack,
		String(port),
		String(count),
	]);
	const tells = (/** @type {string} */ what) =>
		new Promise((resolve) => {
			child.on("message", (message) => {
				if (what in /** @type {object} */ (message)) resolve(message);
			});
			child.once("exit", resolve);
		});
	return {
		begun: tells("begun"),
		connected: tells("connected"),
		done: tells("done"),
		stop: () => child.kill("SIGKILL"),
	};
}

/**
 * Resident memory in MB; 0 where the process is gone.
 * @param {number} pid
 */
function memoryOf(pid) {
	try {
		const status = readFileSync(`/proc/${pid}/status`, "utf8");
		return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
	} catch {
		return 0;
	}
}

/** @param {number} time */
function ms(time) {
	return time < 10 ? time.toFixed(1) : String(Math.round(time));
}

/** @param {string[]} cells */
function row(cells) {
	return `| ${cells.join(" | ")} |`;
}
