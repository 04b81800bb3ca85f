/** What several nodes on one Redis cost, and how long a message takes from one to another. `--help` says how to ask. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findGenerator } from "./generator.mjs";
import { here } from "./here.mjs";
import { gateway } from "./hubs.mjs";
import { answerOf } from "./measure.mjs";
import { HEAD, toCells, toGates, toMedian } from "./nodes/figures.mjs";
import { WORKS } from "./nodes/works.mjs";
import { findPort, startHub, startLoad, stop } from "./processes.mjs";
import { toTable } from "./report.mjs";

/**
 * @typedef {import("./nodes/figures.mjs").Answer} Answer
 * @typedef {import("./nodes/works.mjs").Work} Work
 */

const HELP = `Usage: node sidecar/bench/nodes.mjs [flags]

  --only <names>    Of ${WORKS.map(({ name }) => name).join(", ")}.
  --rounds <n>      Rounds, of which the median is told. Default: 3.
  --seconds <s>     Seconds that are measured. Default: 3.
  --sidecar <file>  Another built sidecar than sidecar/dist/server.js.
  --help            Print this text.`;

const { values: flags } = parseArgs({
	options: {
		only: { type: "string" },
		rounds: { type: "string", default: "3" },
		seconds: { type: "string", default: "3" },
		sidecar: { type: "string" },
		help: { type: "boolean", default: false },
	},
});

const PATIENCE = 20_000;

if (flags.help) console.log(HELP);
else await bench();

async function bench() {
	const { command } = await findGenerator();
	const works = WORKS.filter(
		({ name }) => flags.only?.split(",").includes(name) ?? true,
	);
	const answers = works.map(() => /** @type {Answer[]} */ ([]));
	for (let n = 0; n < works.length * Number(flags.rounds); n++) {
		const work = /** @type {Work} */ (works[n % works.length]);
		const answer = await measureOne(work, command);
		answers[n % works.length]?.push(answer);
		console.log(work.name.padEnd(16), toCells(answer).join("  "));
	}
	const medians = works.map(
		(work, index) =>
			/** @type {const} */ ([work, toMedian(answers[index] ?? [])]),
	);
	const rows = medians.map(([{ title }, answer]) => [
		title,
		...toCells(answer),
	]);
	console.log(`\n${toTable(HEAD, rows).join("\n")}\n`);
	const find = (/** @type {string} */ wanted) =>
		medians.find(([{ name }]) => name === wanted)?.[1];
	for (const line of toGates(find)) console.log(line);
}

/**
 * @param {Work} work
 * @param {string[]} generator
 */
async function measureOne({ nodes, load }, generator) {
	const redis = nodes > 0 ? await startRedis() : undefined;
	const hub = gateway("node", "the gateway", sidecar());
	const launch = await hub.find();
	const args = redis ? ["--redis", redis.url] : [];
	const hubs = [];
	try {
		for (let n = 0; n < Math.max(nodes, 1); n++) {
			hubs.push(await startHub(hub, launch, { args, isFree: true }));
			await ready(/** @type {{ port: number }} */ (hubs.at(-1)).port);
		}
		const child = startLoad(generator, {
			...{ ...load, path: "/ws/matrix", warm: 1 },
			seconds: Number(flags.seconds),
			ports: hubs.map(({ port }) => port).join(","),
			pids: [...hubs.map(({ pid }) => pid), ...(redis ? [redis.pid] : [])].join(
				",",
			),
		});
		const answer = await answerOf(child);
		return { ...answer, redisCpu: redis ? answer.cpus.at(-1) : 0 };
	} finally {
		for (const { child } of hubs) await stop(child);
		await redis?.stop();
	}
}

async function startRedis() {
	const folder = mkdtempSync(join(tmpdir(), "matrix-bench-redis-"));
	const port = await findPort();
	const args = [
		"--port",
		`${port}`,
		"--dir",
		folder,
		"--save",
		"",
		"--bind",
		"127.0.0.1",
	];
	const child = spawn("redis-server", args, { stdio: "ignore" });
	await once(child, "spawn");
	return {
		url: `redis://127.0.0.1:${port}`,
		pid: /** @type {number} */ (child.pid),
		async stop() {
			await stop(child);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** @param {number} port */
async function ready(port) {
	const until = Date.now() + PATIENCE;
	while (!(await fetch(`http://127.0.0.1:${port}/readyz`)).ok) {
		if (Date.now() > until) throw new Error("a node is not ready");
		await wait(20);
	}
}

function sidecar() {
	return flags.sidecar ? resolve(flags.sidecar) : here("../dist/server.js");
}
