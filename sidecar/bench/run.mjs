/** What one delivery costs the gateway, and what it costs others. `--help` says how to ask. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";
import { toChart } from "./chart.mjs";
import { compile } from "./compile.mjs";
import { here } from "./here.mjs";
import { HUBS } from "./hubs.mjs";
import { measure } from "./measure.mjs";
import { notPinned } from "./processes.mjs";
import { judge, toGateLines, toLine, toTables } from "./report.mjs";
import { isDisturbed, isLoadBound, summarize } from "./summary.mjs";

const HELP = `Usage: npm run bench -- [flags]

  --quick            One short round of the hubs that the gates name; under two minutes.
  --only <names>     Some of the work: ${CASES.map(({ name }) => name).join(", ")}
  --hubs <names>     Some of the hubs: ${HUBS.map(({ name }) => name).join(", ")}
  --rounds <n>       Rounds. Default: 5; 1 with --quick.
  --seconds <s>      Seconds that each measurement takes. Default: 3; 1 with --quick.
  --out <dir>        Where the results go. Default: sidecar/bench/results.
  --help             Print this text.`;

const { values: flags } = parseArgs({
	options: {
		quick: { type: "boolean", default: false },
		only: { type: "string" },
		hubs: { type: "string" },
		rounds: { type: "string" },
		seconds: { type: "string" },
		out: { type: "string", default: here("results") },
		help: { type: "boolean", default: false },
	},
});

if (flags.help) console.log(HELP);
else await bench();

async function bench() {
	const rounds = Number(flags.rounds ?? (flags.quick ? 1 : 5));
	if (notPinned) console.log(`Not pinned to cores: ${notPinned}.`);
	const generator = await findGenerator();
	const hubs = await findHubs();
	const plan = CASES.filter(({ name }) => isChosen(flags.only, name)).flatMap(
		(work) =>
			hubs
				.filter(({ hub }) => !work.only || work.only.includes(hub.name))
				.map((found) => ({ ...found, work })),
	);
	/** @type {Map<string, import("./measure.mjs").Measurement[]>} */
	const measured = new Map();
	const started = Date.now();
	let done = 0;
	// Rounds outermost: what disturbs the machine for a minute disturbs all alike.
	for (let round = 1; round <= rounds; round++)
		for (const { hub, launch, work } of plan) {
			const key = `${work.name} ${hub.name}`;
			const earlier = measured.get(key) ?? [];
			// Who failed once is not waited for again.
			if (earlier.some(({ error }) => error)) continue;
			const result = await measure({
				hub,
				launch,
				work,
				load: loadOf(work),
				generator,
			});
			measured.set(key, [...earlier, result]);
			const left =
				((Date.now() - started) / ++done) * (plan.length * rounds - done);
			console.log(
				`${`${done}/${plan.length * rounds}`.padStart(8)}  ${work.name.padEnd(16)} ${hub.name.padEnd(10)} ${toLine(summarize(work.name, hub.name, [result]))}  (${Math.ceil(left / 60_000)} min left)`,
			);
		}
	finish(
		hubs,
		plan.map(({ hub, work }) =>
			summarize(
				work.name,
				hub.name,
				measured.get(`${work.name} ${hub.name}`) ?? [],
			),
		),
	);
}

/** @param {import("./cases.mjs").Case} work */
function loadOf({ load, quick }) {
	const seconds = Number(flags.seconds ?? (flags.quick ? 1 : 3));
	return {
		...load,
		...(flags.quick ? quick : {}),
		seconds,
		warm: flags.quick ? 0.4 : 1,
	};
}

/** A C program, since one on Node would be slower than some of the hubs. */
async function findGenerator() {
	try {
		return [await compile("load/load.c")];
	} catch (error) {
		console.log(
			`The load generator runs on Node and may be the bottleneck: ${/** @type {Error} */ (error).message}`,
		);
		return [process.execPath, here("load/load.mjs")];
	}
}

async function findHubs() {
	const found = [];
	for (const hub of HUBS.filter(
		({ name, quick }) =>
			(flags.hubs || !flags.quick || quick) && isChosen(flags.hubs, name),
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
			rounds: summaries[0]?.rounds ?? 0,
			seconds: Number(flags.seconds ?? (flags.quick ? 1 : 3)),
		},
	};
	const tables = toTables(summaries);
	mkdirSync(flags.out, { recursive: true });
	writeFileSync(
		`${flags.out}/latest.json`,
		`${JSON.stringify({ ...about, gates, results: summaries }, null, "\t")}\n`,
	);
	writeFileSync(`${flags.out}/latest.md`, `${tables}\n`);
	writeFileSync(`${flags.out}/chart.svg`, toChart(summaries, about));
	console.log(`\n${tables}\n${toGateLines(gates)}`);
	warn("THE LOAD GENERATOR WAS THE BOTTLENECK", summaries.filter(isLoadBound));
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
