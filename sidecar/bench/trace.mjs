/** Where a message's time goes between its sender's write and its receiver's read. `--help` says how to ask. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";
import { findGenerator } from "./generator.mjs";
import { here } from "./here.mjs";
import { gateway } from "./hubs.mjs";
import { answerOf } from "./measure.mjs";
import { startHub, startLoad, stop } from "./processes.mjs";
import { round } from "./report.mjs";
import { findJourneys } from "./trace/journeys.mjs";
import { readNotes } from "./trace/notes.mjs";
import { rateLines, stageTable } from "./trace/tables.mjs";

const TRACED = ["room-200", "mesh-2000", "mesh-500"];

const HELP = `Usage: node sidecar/bench/trace.mjs [flags]

  --only <names>    Work at a rate. Default: ${TRACED.join(",")}
  --node <files>    Binaries of Node, as of \`npm i node@22\`. Default: this one.
  --sidecar <file>  Another built sidecar than sidecar/dist/server.js.
  --args <text>     Flags for the gateway, as --args="--flush-window 1".
  --rate <n>        Messages a second, where not the work's own.
  --seconds <s>     Seconds that are traced. Default: 2.
  --help            Print this text.`;

const { values: flags } = parseArgs({
	options: {
		only: { type: "string", default: TRACED.join(",") },
		node: { type: "string", default: process.execPath },
		sidecar: { type: "string" },
		args: { type: "string", default: "" },
		rate: { type: "string" },
		seconds: { type: "string", default: "2" },
		help: { type: "boolean", default: false },
	},
});

/** Beside the generator's, for the noting. */
const FOLDER = here("node_modules/.bench/trace");
const PATIENCE = 20_000;

if (flags.help) console.log(HELP);
else await trace();

async function trace() {
	const { command } = await findGenerator();
	for (const name of flags.only.split(","))
		for (const node of flags.node.split(",")) {
			const work = CASES.find((one) => one.name === name);
			if (!work) throw new Error(`there is no work ${name}`);
			if (!work.load.rate && !flags.rate)
				throw new Error(`${name} needs --rate`);
			const lines = await traceOne(work, node, command);
			console.log(`${lines.join("\n")}\n`);
		}
}

/**
 * @param {import("./cases.mjs").Case} work
 * @param {string} node
 * @param {string[]} generator
 */
async function traceOne(work, node, generator) {
	rmSync(FOLDER, { recursive: true, force: true });
	mkdirSync(FOLDER, { recursive: true });
	process.env.BENCH_TRACE = FOLDER;
	const hub = gateway("traced", "the gateway", sidecar());
	const launch = { ...(await hub.find()), command: node };
	const { child, port, pid } = await startHub(hub, launch, {
		args: [...(work.args ?? []), ...flags.args.split(" ").filter(Boolean)],
		preload: ["--import", here("trace/preload.mjs")],
	});
	try {
		const load = startLoad(generator, {
			...work.load,
			...(flags.rate ? { rate: Number(flags.rate) } : {}),
			seconds: Number(flags.seconds),
			warm: 1,
			port,
			pid,
			path: hub.path ?? "/",
			trace: FOLDER,
		});
		const delays = watchDelays([pid, load.pid ?? 0]);
		const answer = await answerOf(load);
		const waited = delays.stop();
		child.kill("SIGUSR2");
		await written(`${FOLDER}/done`);
		return report(work, node, answer, waited);
	} finally {
		await stop(child);
	}
}

function sidecar() {
	return resolve(flags.sidecar ?? here("../dist/server.js"));
}

/**
 * @param {import("./cases.mjs").Case} work
 * @param {string} node
 * @param {Record<string, number>} answer
 * @param {string} waited
 */
function report(work, node, answer, waited) {
	const notes = readNotes(FOLDER);
	const { journeys, flushes, lost } = findJourneys(notes);
	const dues = [...notes.sent.values()].map(({ due }) => due);
	const time = { from: dues[0] ?? 0, to: dues.at(-1) ?? 0 };
	const { p50, p90, p99, p999, serverCpu = 0, seconds = 1 } = answer;
	const times = [p50, p90, p99, p999].map(round).join(" / ");
	return [
		`**${work.name}** ${work.title}; ${node} ${flags.args}`,
		"",
		`${journeys.length} deliveries (${lost} not followed), p50 / 90 / 99 / 99.9: ${times} ms; server ${Math.round((serverCpu / seconds) * 100)} % of a core; while ready to run, the gateway and the generator waited ${waited} ms for theirs`,
		"",
		...stageTable(notes, journeys),
		...rateLines(notes, flushes, time),
	];
}

/**
 * Milliseconds that processes are ready to run and do not, since others have their cores.
 * @param {number[]} pids
 */
function watchDelays(pids) {
	const first = pids.map(runDelay);
	let last = first;
	const watch = setInterval(() => {
		last = pids.map((pid, at) => runDelay(pid) || (last[at] ?? 0));
	}, 100);
	return {
		stop() {
			clearInterval(watch);
			return last
				.map((delay, at) => round(delay - (first[at] ?? 0)))
				.join(" and ");
		},
	};
}

/**
 * 0 where it has ended.
 * @param {number} pid
 */
function runDelay(pid) {
	try {
		const text = readFileSync(`/proc/${pid}/schedstat`, "utf8");
		return Number(text.split(" ")[1]) / 1e6;
	} catch {
		return 0;
	}
}

/** @param {string} file */
async function written(file) {
	for (let left = PATIENCE; !existsSync(file); left -= 20) {
		if (left <= 0) throw new Error("the gateway did not write its notes");
		await wait(20);
	}
}
