/**
 * What the console costs in a storm: 5,000 messages a second, in windows with a tap that a browser shows and
 * windows without, in turns. Prints the server's CPU time of each, whether others got the same, the page's
 * longest task, and over `--minutes` how its memory goes. Ends with 1 where the bounds are not kept.
 *
 * The server has a core of its own, as in the bench: where browser and load take it off its core their caches cost it a
 * quarter more, by chance in windows of either kind.
 *
 * node scripts/console-storm.mjs [--rate 5000] [--receivers 8] [--rounds 20] [--seconds 4] [--minutes 0]
 */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { WebSocket } from "ws";
import { findOrInstallBrowser } from "./browser.mjs";
import { startSidecar } from "./sidecar.mjs";

const { values } = parseArgs({
	options: {
		rate: { type: "string", default: "5000" },
		receivers: { type: "string", default: "8" },
		rounds: { type: "string", default: "20" },
		seconds: { type: "string", default: "4" },
		minutes: { type: "string", default: "0" },
		url: { type: "string" },
	},
});
const RATE = Number(values.rate);
const RECEIVERS = Number(values.receivers);

/** Each long task of the page: when it began after the page did, and how long it was, in milliseconds. */
const tasks = [];

if (values.url) await load(values.url);
else await run();

/** In a process of its own: speaks at the rate, and counts what each receiver gets. */
async function load(url) {
	const open = async () => {
		const socket = new WebSocket(url);
		await once(socket, "open");
		return socket;
	};
	const received = new Array(RECEIVERS).fill(0);
	for (let index = 0; index < RECEIVERS; index++) {
		const socket = await open();
		socket.on("message", () => void received[index]++);
	}
	const speakers = [];
	for (let index = 0; index < 4; index++) {
		const socket = await open();
		const agentId = `speaker-${index}`;
		socket.send(JSON.stringify({ type: "agent_register", agentId }));
		speakers.push({ socket, agentId });
	}
	let sent = 0;
	let isOn = false;
	const begin = performance.now();
	let due = 0;
	let last = begin;
	setInterval(() => {
		const now = performance.now();
		// Where this process was busy itself, what it owes is not to come as one flood, which is refused.
		if (isOn) due = Math.min(due + ((now - last) / 1_000) * RATE, RATE / 20);
		last = now;
		for (; due >= 1; due--) {
			const { socket, agentId } = speakers[sent % speakers.length];
			const position = { x: (sent % 100) / 10, z: 4.25 };
			const text = "somewhere between the pond and the gate";
			const message = {
				type: "agent_move",
				agentId,
				n: sent++,
				position,
				text,
			};
			socket.send(JSON.stringify(message));
		}
	}, 5);
	process.on("message", (message) => {
		if (message === "on") isOn = true;
		if (message === "off") isOn = false;
		if (message === "counts") process.send({ sent, received });
	});
	process.send("ready");
}

async function run() {
	const cores = availableParallelism();
	if (cores > 1) pin(process.pid, `1-${cores - 1}`);
	const { server, port } = await startSidecar();
	if (cores > 1) pin(server.pid, "0");
	const loader = fork(import.meta.filename, [
		...["--rate", values.rate, "--receivers", values.receivers],
		...["--url", `ws://127.0.0.1:${port}/ws/matrix?token=all`],
	]);
	await once(loader, "message");
	const browser = await chromium.launch({
		executablePath: findOrInstallBrowser(),
		args: ["--no-sandbox", "--enable-precise-memory-info"],
	});
	const page = await createPage(browser);
	const wanted = { server, loader, page, port };
	const windows = { shut: [], open: [] };
	loader.send("on");
	await delay(3_000);
	for (let round = 0; round < Number(values.rounds); round++)
		for (const state of round % 2 ? ["open", "shut"] : ["shut", "open"])
			windows[state].push(await measure(wanted, state));
	await show(wanted, "open");
	const memory = await watchMemory(page);
	loader.send("off");
	await delay(1_500);
	const counts = await countsOf(loader);
	const kept = await page.locator(".foot").textContent();
	await show(wanted, "shut");
	await browser.close();
	loader.kill();
	server.kill("SIGKILL");
	report({ windows, counts, kept, memory });
}

/** Has a process, and those that it starts, on these cores alone. */
function pin(pid, cores) {
	const args = ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)];
	execFileSync("taskset", args);
}

/** A page that watches for long tasks, and is let in. */
async function createPage(browser) {
	const page = await browser.newPage({
		viewport: { width: 1280, height: 800 },
	});
	await page.addInitScript(() => {
		if (location.protocol === "about:") return;
		sessionStorage.setItem("matrix-console-token", "ops");
		window.tasks = [];
		new PerformanceObserver((list) => {
			for (const { startTime, duration } of list.getEntries())
				window.tasks.push([Math.round(startTime), duration]);
		}).observe({ type: "longtask", buffered: true });
	});
	return page;
}

async function show({ page, port }, state) {
	tasks.push(...((await page.evaluate(() => window.tasks)) ?? []));
	await page.goto("about:blank");
	if (state === "open") {
		await page.goto(`http://127.0.0.1:${port}/__matrix/#tap`);
		await page.getByRole("grid", { name: "Messages" }).waitFor();
	}
	await delay(2_000);
}

/** CPU time of the server over a window, a thousand messages. */
async function measure(wanted, state) {
	const { server, loader } = wanted;
	await show(wanted, state);
	const before = await look(server, loader);
	await delay(Number(values.seconds) * 1_000);
	const after = await look(server, loader);
	const sent = after.sent - before.sent;
	const milliseconds = after.cpu - before.cpu;
	console.log(`${state}: ${milliseconds} ms for ${sent} messages`);
	return (milliseconds / sent) * 1_000;
}

async function look(server, loader) {
	const fields = readFileSync(`/proc/${server.pid}/stat`, "utf8")
		.replace(/^.*\) /, "")
		.split(" ");
	// In hundredths of a second.
	const cpu = (Number(fields[11]) + Number(fields[12])) * 10;
	return { cpu, sent: (await countsOf(loader)).sent };
}

async function countsOf(loader) {
	loader.send("counts");
	const [counts] = await once(loader, "message");
	return counts;
}

/** Megabytes of the page's heap, each 20 s. */
async function watchMemory(page) {
	const end = Date.now() + Number(values.minutes) * 60_000;
	const memory = [];
	const client = await page.context().newCDPSession(page);
	while (Date.now() < end) {
		await delay(20_000);
		await client.send("HeapProfiler.collectGarbage");
		const { usedSize } = await client.send("Runtime.getHeapUsage");
		memory.push(Math.round(usedSize / 1e6));
	}
	return memory;
}

function report({ windows, counts, kept, memory }) {
	const shut = median(windows.shut);
	const open = median(windows.open);
	// Of two windows side by side: a shared machine is slower for all of a while.
	const more = median(windows.open.map((one, i) => one / windows.shut[i])) - 1;
	const most = Math.max(...counts.received);
	const least = Math.min(...counts.received);
	console.log(
		`CPU of 1,000 messages: ${shut.toFixed(1)} ms shut, ${open.toFixed(1)} ms open, ${(more * 100).toFixed(1)} % more in the median round`,
	);
	console.log(
		`each of ${RECEIVERS} receivers got ${least} to ${most} frames of ${counts.sent} messages`,
	);
	const sorted = tasks.toSorted(([, one], [, other]) => other - one);
	const [[, longest] = [0, 0]] = sorted;
	const told = sorted.slice(0, 8).map(([at, took]) => `${took} at ${at}`);
	console.log(
		`longest tasks of the page, in ms: ${told.join(", ")}; its tap: ${kept}`,
	);
	if (memory.length > 0)
		console.log(`heap of the page in MB: ${memory.join(" ")}`);
	const isLost = least < counts.sent || least + 10 < most;
	const isFlat =
		memory.length < 6 ||
		median(memory.slice(-3)) < 1.3 * median(memory.slice(0, 3));
	const isKept = more < 0.1 && longest < 200 && !isLost && isFlat;
	process.exit(isKept ? 0 : 1);
}

function median(numbers) {
	const sorted = numbers.toSorted((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2
		? sorted[middle]
		: (sorted[middle - 1] + sorted[middle]) / 2;
}
