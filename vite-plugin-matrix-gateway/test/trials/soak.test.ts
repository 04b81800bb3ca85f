/** People who come, go, drop, take over and do not read, for minutes: `npm run trial:soak`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createRandom } from "../chaos/random.ts";
import { isEmpty } from "../support/gateway.ts";
import { until } from "../support/until.ts";
import { churn, resume, stall, tick } from "./people.ts";
import { refresh, SECRET } from "./refreshing.ts";
import { type Sample, slopeOf } from "./slope.ts";
import { startSidecar } from "./trial-sidecar.ts";

const MINUTES = Number(process.env.MATRIX_SOAK_MINUTES ?? 5);
const SEED = Number(process.env.MATRIX_SOAK_SEED ?? Date.now() % 2 ** 31);

/** Who is known by a token that lasts, to say nothing of theirs. */
const TOKEN = "everybody";

/** A file of tokens, and others that end soon; sessions that nobody comes back to end soon, and none because this machine is busy. */
const flags = () => [
	...["--resume-window", "10000"],
	...["--tokens", writeTokens(), "--speak-as", "any"],
	...["--jwt-secret", SECRET, "--jwt-clock-skew", "0"],
];

/** Milliseconds between two looks at memory. */
const INTERVAL = 3_000;
/** The part of the time in which everything is used for the first time. */
const WARMING = 0.25;
const MIB = 1024 * 1024;
/** So many looks in a row, of which the least counts: what is kept for a moment is no growth. */
const TOGETHER = 5;
/** What memory may have grown in all the rest, by regression. */
const MOST_GROWTH = 6 * MIB;

test(`a soak of ${MINUTES} minutes, seed ${SEED}: memory is flat, and nothing is left`, async () => {
	const sidecar = await startSidecar(flags(), TOKEN);
	const start = performance.now();
	const seconds = () => (performance.now() - start) / 1_000;
	const isOver = () => seconds() > MINUTES * 60;
	const random = createRandom(SEED);
	const url = `${sidecar.url}?token=${TOKEN}`;
	const soak = () => ({ url, random: random.fork(), isOver });
	const bare = () => ({ ...soak(), url: sidecar.url });
	const handles = sidecar.handles();
	const before = await sidecar.inside();

	const people = {
		churned: Promise.all([churn(soak()), churn(soak()), churn(soak())]),
		resumed: Promise.all(
			["r-1", "r-2", "r-3"].map((agentId) => resume(soak(), agentId)),
		),
		ticks: Promise.all([tick(soak())]),
		stalled: Promise.all([stall(soak())]),
		refreshed: Promise.all(
			["f-1", "f-2", "f-3"].map((agentId) => refresh(bare(), agentId)),
		),
	};
	const samples: Sample[] = [];
	const watching = (async () => {
		while (!isOver()) {
			await sleep(INTERVAL);
			const { heap } = await sidecar.inside();
			samples.push({ at: seconds(), value: heap });
		}
	})();
	await Promise.all([...Object.values(people), watching]);
	const counts: string[] = [];
	for (const [name, some] of Object.entries(people)) {
		const count = (await some).reduce((sum, { count }) => sum + count, 0);
		counts.push(`${name} ${count}`);
	}

	// Sessions that nobody came back to expire.
	await until(
		() => sidecar.status(),
		(status) => isEmpty(status) && status.agents.length === 0,
		20_000,
	);
	const expired = (await people.refreshed).map(({ expired }) => expired);
	expect(Math.min(...expired)).toBeGreaterThan(0);
	const { totals } = await sidecar.status();
	const after = await until(
		() => sidecar.inside(),
		({ timers }) => timers <= before.timers,
	);
	const warm = leastOf(samples).filter(({ at }) => at > WARMING * MINUTES * 60);
	const growth = slopeOf(warm) * ((warm.at(-1)?.at ?? 0) - (warm[0]?.at ?? 0));
	console.log(
		`${counts.join(", ")}; 4201: ${totals.tooSlow}; memory ${mib(before.heap)} MiB before, ${mib(warm[0]?.value)} warm, ${mib(warm.at(-1)?.value)} at the end, ${mib(growth)} of growth by regression, ${mib(after.heap)} empty; timers ${before.timers} and ${after.timers}, handles ${handles} and ${sidecar.handles()}`,
	);
	expect(totals.failed).toBe(0);
	expect(totals.tooSlow).toBeGreaterThan(0);
	expect(growth).toBeLessThan(MOST_GROWTH);
	await until(
		() => sidecar.handles(),
		(open) => open <= handles + 2,
	);
});

function writeTokens(): string {
	const folder = mkdtempSync(join(tmpdir(), "matrix-soak-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const tokens = join(folder, "tokens.json");
	writeFileSync(tokens, JSON.stringify([{ name: TOKEN, token: TOKEN }]));
	return tokens;
}

function leastOf(samples: readonly Sample[]): Sample[] {
	return samples.flatMap((_, index) => {
		const some = samples.slice(index, index + TOGETHER);
		if (index % TOGETHER > 0 || some.length < TOGETHER) return [];
		return some.sort((one, other) => one.value - other.value).slice(0, 1);
	});
}

function mib(bytes = 0): string {
	return (bytes / MIB).toFixed(1);
}
