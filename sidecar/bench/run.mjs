/** What one delivery costs the gateway, and what it costs others. `--help` says how to ask. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";
import { toChart } from "./chart.mjs";
import { toComparison } from "./comparison.mjs";
import { findGenerator } from "./generator.mjs";
import { here } from "./here.mjs";
import { gateway, HUBS } from "./hubs.mjs";
import { judge, toGateLines } from "./judge.mjs";
import { measure } from "./measure.mjs";
import { planSteps, rateFor } from "./plan.mjs";
import { notPinned } from "./processes.mjs";
import { toLine, toTables } from "./report.mjs";
import { isDisturbed, isLoadBound, isSentLate, summarize } from "./summary.mjs";

const HELP = `Usage: npm run bench -- [flags]

  --quick            One short round of the hubs that the gates name; under two minutes.
  --only <names>     Some of the work: ${CASES.map(({ name }) => name).join(", ")}
  --windows          Also room-200, mesh-2000 and mesh-500 with flush windows of 0, 1, 2, 5 and 20 ms.
  --directed-rate <n>  Messages a second of the directed work at a rate. Default: half of what
                     saturates Bun in this run.
  --hubs <names>     Some of the hubs: ${HUBS.map(({ name }) => name).join(", ")}
  --rounds <n>       Rounds. Default: 5; 1 with --quick.
  --seconds <s>      Seconds that each measurement takes. Default: 3; 1 with --quick.
  --against <file>   Another built sidecar, as the hub "before" in the same rounds.
  --out <dir>        Where the results go. Default: sidecar/bench/results, or partial/ in it
                     where not everything is measured.
  --help             Print this text.`;

const { values: flags } = parseArgs({
	options: {
		quick: { type: "boolean", default: false },
		only: { type: "string" },
		hubs: { type: "string" },
		rounds: { type: "string" },
		seconds: { type: "string" },
		against: { type: "string" },
		windows: { type: "boolean", default: false },
		"directed-rate": { type: "string" },
		out: { type: "string" },
		help: { type: "boolean", default: false },
	},
});

const ROUNDS = Number(flags.rounds ?? (flags.quick ? 1 : 5));
const SECONDS = Number(flags.seconds ?? (flags.quick ? 1 : 3));
const DIRECTED_RATE = flags["directed-rate"]
	? Number(flags["directed-rate"])
	: undefined;
const PARTIAL = flags.quick || flags.only || flags.hubs || flags.against;
const OUT = flags.out ?? here(PARTIAL ? "results/partial" : "results");

if (flags.help) console.log(HELP);
else await bench();

async function bench() {
	if (notPinned) console.log(`Not pinned to cores: ${notPinned}.`);
	const { command, noTls } = await findGenerator();
	const hubs = await findHubs();
	const plan = await planSteps(hubs, {
		only: flags.only,
		quick: flags.quick,
		windows: flags.windows,
		rate: DIRECTED_RATE,
		noTls,
	});
	const measured = await measureAll(plan, command);
	finish(
		hubs,
		plan.map(({ hub, work }, index) =>
			summarize(work.name, hub.name, measured[index] ?? []),
		),
	);
}

/**
 * @typedef {import("./plan.mjs").Step} Step
 * @typedef {import("./measure.mjs").Measurement} Measurement
 */

/**
 * Rounds outermost: what disturbs the machine for a minute disturbs all alike.
 * @param {Step[]} plan
 * @param {string[]} generator
 */
async function measureAll(plan, generator) {
	const measured = plan.map(() => /** @type {Measurement[]} */ ([]));
	const total = plan.length * ROUNDS;
	const started = Date.now();
	for (let done = 0; done < total; done++) {
		const step = /** @type {Step} */ (plan[done % plan.length]);
		const results = /** @type {Measurement[]} */ (measured[done % plan.length]);
		// Who failed once is not waited for again.
		if (results.some(({ error }) => error)) continue;
		const rate = step.work.halfOf
			? (DIRECTED_RATE ?? rateFor(step.work, plan, measured))
			: undefined;
		const load = { ...loadOf(step.work), ...(rate ? { rate } : {}) };
		const result = {
			...(await measure({ ...step, generator, load })),
			...(rate ? { rate } : {}),
		};
		results.push(result);
		const left = ((Date.now() - started) / (done + 1)) * (total - done - 1);
		progress(step, result, `${done + 1}/${total}`, left);
	}
	return measured;
}

/**
 * @param {Step} step
 * @param {Measurement} result
 * @param {string} place
 * @param {number} left milliseconds
 */
function progress({ work, hub }, result, place, left) {
	const names = `${work.name.padEnd(18)} ${hub.name.padEnd(10)}`;
	const line = toLine(summarize(work.name, hub.name, [result]));
	console.log(
		`${place.padStart(8)}  ${names} ${line}  (${Math.ceil(left / 60_000)} min left)`,
	);
}

/** @param {import("./cases.mjs").Case} work */
function loadOf({ load, quick }) {
	return {
		...load,
		...(flags.quick ? quick : {}),
		seconds: SECONDS,
		warm: flags.quick ? 0.4 : 1,
	};
}

async function findHubs() {
	const found = [];
	const before = flags.against
		? [gateway("before", "Matrix gateway before", resolve(flags.against))]
		: [];
	for (const hub of [...before, ...HUBS].filter(
		({ name, quick }) =>
			name === "before" ||
			((flags.hubs || !flags.quick || quick) && isChosen(flags.hubs, name)),
	))
		try {
			found.push({ hub, launch: await hub.find() });
		} catch (error) {
			console.log(
				`Without ${hub.label}: ${/** @type {Error} */ (error).message.split("\n")[0]}`,
			);
		}
	return found;
}

/**
 * @param {string | undefined} names
 * @param {string} name
 */
function isChosen(names, name) {
	return !names || names.split(",").includes(name);
}

/**
 * @param {Awaited<ReturnType<typeof findHubs>>} hubs
 * @param {import("./summary.mjs").Summary[]} summaries
 */
function finish(hubs, summaries) {
	const gates = judge((work, hub) =>
		summaries.find((summary) => summary.work === work && summary.hub === hub),
	);
	const about = {
		date: new Date().toISOString(),
		machine: {
			cpu: cpus()[0]?.model.trim(),
			cores: cpus().length,
			memoryGB: Math.round(totalmem() / 1e9),
			kernel: release(),
			node: process.version,
			pinned: !notPinned,
		},
		versions: Object.fromEntries(
			hubs.map(({ hub, launch }) => [hub.name, launch.version]),
		),
		flags: {
			quick: flags.quick,
			rounds: ROUNDS,
			seconds: SECONDS,
		},
	};
	const tables = [toTables(summaries), ...toComparison(summaries)].join("\n");
	mkdirSync(OUT, { recursive: true });
	writeFileSync(
		`${OUT}/latest.json`,
		`${JSON.stringify({ ...about, gates, results: summaries }, null, "\t")}\n`,
	);
	writeFileSync(`${OUT}/latest.md`, `${tables}\n`);
	writeFileSync(`${OUT}/chart.svg`, toChart(summaries, about));
	console.log(`\n${tables}\n${toGateLines(gates)}`);
	warn("THE LOAD GENERATOR WAS THE BOTTLENECK", summaries.filter(isLoadBound));
	warn(
		"THE LOAD GENERATOR SENT LATE, latencies are too high",
		summaries.filter(isSentLate),
	);
	warn(
		"OTHERS USED THE MACHINE, measure again when it is quiet",
		summaries.filter(isDisturbed),
	);
	if (summaries.some(({ error }) => error)) process.exitCode = 1;
}

/**
 * @param {string} what
 * @param {import("./summary.mjs").Summary[]} summaries
 */
function warn(what, summaries) {
	const names = summaries.map(({ work, hub }) => `${hub} at ${work}`);
	if (names.length > 0) console.log(`\n${what}: ${names.join(", ")}`);
}
