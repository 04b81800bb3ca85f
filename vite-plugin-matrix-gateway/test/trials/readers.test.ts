/** Many that stop reading while somebody broadcasts all the time: `npm run trial:readers`. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { connect, type TestClient } from "../support/client.ts";
import { textFrame } from "../support/frames.ts";
import { upgradeRaw } from "../support/peer.ts";
import { until } from "../support/until.ts";
import { type Sample, slopeOf } from "./slope.ts";
import { startSidecar } from "./trial-sidecar.ts";

const READERS = Number(process.env.MATRIX_TRIAL_READERS ?? 1_000);
const SECONDS = 15;
/** Seconds from the start of the storm after which memory is to be flat. */
const SETTLED = 5;
const SIZE = 32 * 1024;
/** Bytes that memory may be above what it was then, and that it may grow a second. */
const MOST_ABOVE = 48 * 1024 * 1024;
const MOST_GROWTH = 1024 * 1024;
const MIB = 1024 * 1024;

test(`SLOW1 ${READERS} readers that stop reading under a storm are closed with 4201, and cost nobody anything`, async () => {
	const sidecar = await startSidecar();
	const storm = await client(sidecar.url, "storm");
	const watchers = [
		await client(sidecar.url, "watcher-a"),
		await client(sidecar.url, "watcher-b"),
	];
	const got = watchers.map(count);
	await openReaders(sidecar.url);
	const { connections } = await sidecar.status();
	expect(connections).toBe(READERS + 3);

	const samples: Sample[] = [];
	const before = sidecar.memory();
	const start = performance.now();
	const seconds = () => (performance.now() - start) / 1_000;
	const pad = "x".repeat(SIZE);
	let sent = 0;
	while (seconds() < SECONDS) {
		storm.send({ type: "storm", n: sent++, pad });
		// As fast as those who read take it: they are not to be closed.
		await until(
			() => Math.min(...got.map(({ length }) => length)),
			(least) => least >= sent - 20,
		);
		samples.push({ at: seconds(), value: sidecar.memory() });
	}
	await until(
		() => got.map(({ length }) => length),
		(lengths) => lengths.every((length) => length === sent),
	);

	for (const numbers of got)
		expect(numbers).toEqual(Array.from({ length: sent }, (_, n) => n));
	const { totals, agents } = await until(
		() => sidecar.status(),
		({ totals }) => totals.tooSlow === READERS,
	);
	expect(totals.tooSlow).toBe(READERS);
	expect(agents).toHaveLength(3);
	expect(sidecar.logged('"code":4201,"reason":"too slow","loudest":{')).toBe(
		READERS,
	);
	const settled = samples.filter(({ at }) => at >= SETTLED);
	const values = settled.map(({ value }) => value);
	const growth = slopeOf(settled);
	const most = Math.max(...samples.map(({ value }) => value));
	console.log(
		`${sent} messages of ${SIZE} bytes; memory ${mib(before)} MiB before, ${mib(most)} at most, ${mib(values[0] ?? 0)} after ${SETTLED} s, ${mib(values.at(-1) ?? 0)} at the end, ${mib(growth)} MiB/s then`,
	);
	expect(Math.max(...values) - (values[0] ?? 0)).toBeLessThan(MOST_ABOVE);
	expect(growth).toBeLessThan(MOST_GROWTH);
});

function mib(bytes: number): string {
	return (bytes / MIB).toFixed(1);
}

async function client(url: string, agentId: string): Promise<TestClient> {
	const client = await connect(url);
	onTestFinished(() => client.terminate());
	client.send({ type: "agent_register", agentId });
	await client.skipTo("agent_registered");
	return client;
}

/** The numbers of the storm, as they come. */
function count({ socket }: TestClient): number[] {
	const numbers: number[] = [];
	socket.on("message", (data) => {
		const { type, n } = JSON.parse(String(data));
		if (type === "storm") numbers.push(n);
	});
	return numbers;
}

/** Viewers that take their greeting and then nothing. */
async function openReaders(url: string): Promise<void> {
	for (let opened = 0; opened < READERS; opened += 100)
		await Promise.all(
			Array.from({ length: Math.min(100, READERS - opened) }, async () => {
				const peer = await upgradeRaw(url);
				onTestFinished(() => void peer.socket.destroy());
				peer.socket.write(textFrame({ type: "ping" }));
				await peer.nextMessage("gateway_hello");
				await peer.nextMessage("pong");
				peer.socket.pause();
			}),
		);
	await sleep(0);
}
