/**
 * Whether the memory of both pages stays flat: a hundred agents live in a built sidecar, and the world and the
 * console, at what is now and at its tap, are open in a browser. After a while in which all that is bounded fills,
 * each page is looked at every so many seconds, and what was seen tells whether anything grows. Ends with 1
 * where something does.
 *
 * node scripts/pages/trial.mjs [--minutes 10] [--every 30] [--rate 300]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { findOrInstallBrowser } from "../browser.mjs";
import { startSidecar } from "../sidecar.mjs";
import { grows, trendOf } from "./growth.mjs";
import { createProbe, watchGraphics } from "./probe.mjs";

const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "10" },
		every: { type: "string", default: "30" },
		rate: { type: "string", default: "300" },
	},
});
const [minutes, every, rate] = [values.minutes, values.every, values.rate].map(
	Number,
);

/**
 * What is bounded fills first: the tap keeps 20,000 messages, the world 5,000 texts, and the charts of what is now five
 * minutes.
 */
const FILL = { rate: 700, seconds: 60 };
const SETTLE = 270;

/**
 * What may come in an hour: bytes, or things. A tab that is open for a week is then none of the large ones; and a few
 * bytes that are kept of each message are seen, since of a million messages an hour they are megabytes.
 */
const MOST = { heap: 1e6, backing: 1e6, nodes: 200 };
const MOST_ELSE = 10;

/** Frames only say that the page is drawn. */
const COUNTED = new Set(["frames"]);

const CROWD = fileURLToPath(new URL("crowd.mjs", import.meta.url));

const { server, port } = await startSidecar([
	...["--static", "playground/dist", "--retain", "matrix"],
]);
const crowd = fork(CROWD, [`ws://127.0.0.1:${port}/ws/matrix?token=all`]);
await once(crowd, "message");
const browser = await chromium.launch({
	executablePath: findOrInstallBrowser(),
	args: [
		...["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"],
		...["--enable-unsafe-swiftshader", "--enable-precise-memory-info"],
	],
});
const failures = [];
const pages = await Promise.all([
	open("world", "#token=all"),
	open("now", "__matrix/#now"),
	open("tap", "__matrix/#tap"),
]);
crowd.send(FILL.rate);
await delay(FILL.seconds * 1_000);
crowd.send(rate);
await delay(SETTLE * 1_000);
await watch();
await browser.close();
crowd.kill();
server.kill("SIGKILL");
report();

async function open(name, path) {
	const context = await browser.newContext({
		viewport: { width: 960, height: 640 },
	});
	const page = await context.newPage();
	page.on("pageerror", ({ message }) => failures.push(`${name}: ${message}`));
	if (name === "world") await page.addInitScript(watchGraphics);
	else
		await page.addInitScript(() => {
			sessionStorage.setItem("matrix-console-token", "ops");
		});
	await page.goto(`http://127.0.0.1:${port}/${path}`);
	return { name, page, look: await createProbe(page), samples: [] };
}

async function watch() {
	const steps = Math.round((minutes * 60) / every);
	const begin = performance.now();
	for (let step = 0; step <= steps; step++) {
		await delay(begin + step * every * 1_000 - performance.now());
		for (const { name, look, samples } of pages) {
			const sample = await look();
			samples.push(sample);
			console.log(`${step * every} s, ${name}: ${inWords(sample)}`);
		}
	}
}

function inWords({ heap, backing, ...counts }) {
	const told = Object.entries(counts).map(
		([name, count]) => `${count} ${name}`,
	);
	return [toMegabytes(heap), `${toMegabytes(backing)} apart`, ...told].join(
		", ",
	);
}

function toMegabytes(bytes) {
	return `${(bytes / 1e6).toFixed(2)} MB`;
}

function report() {
	const steps = 3_600 / every;
	for (const { name, samples } of pages)
		for (const what of Object.keys(samples[0] ?? {})) {
			if (COUNTED.has(what)) continue;
			const all = samples.map((sample) => sample[what]);
			const { middle, slope } = trendOf(all);
			const isGrowing = grows(all, (MOST[what] ?? MOST_ELSE) / steps);
			const hour = Math.round(slope * steps);
			console.log(
				`${name}, ${what}: ${middle}, in an hour ${hour}${isGrowing ? ": GROWS" : ""}`,
			);
			if (isGrowing) failures.push(`${name}: ${what} grows`);
		}
	console.log(failures.length > 0 ? failures.join("\n") : "Nothing grows.");
	process.exit(failures.length > 0 ? 1 : 0);
}
