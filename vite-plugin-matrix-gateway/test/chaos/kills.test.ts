/**
 * A sidecar with a folder that is killed again and again, while agents talk: for them that is a drop.
 *
 * MATRIX_CHAOS_SEED replays a run as far as clocks let it, MATRIX_CHAOS_KILLS makes it longer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../support/client.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";
import { missing } from "./missing.ts";
import { join, type Participant } from "./participant.ts";
import { createRandom, type Random } from "./random.ts";
import { startSidecar } from "./sidecar.ts";

const SEED = Number(process.env.MATRIX_CHAOS_SEED ?? Date.now() % 2 ** 31);
const KILLS = Number(process.env.MATRIX_CHAOS_KILLS ?? 10);
const AGENTS = 20;

/** Milliseconds until everyone has come through, on a machine that is busy. */
const PATIENCE = 60_000;

/** Milliseconds after a start in which it is killed: before anybody is back, and later. */
const LIFE = 900;

/** Everyone says something to all and to one, asks for a receipt, or has something retained. */
function speak(everyone: readonly Participant[], random: Random): void {
	for (const speaker of everyone) {
		const other = random.pick(everyone);
		const target = other === speaker ? everyone[0] : other;
		if (random.between(0, 3) === 0) speaker.speak();
		if (random.between(0, 4) === 0) speaker.retain();
		if (!target || target === speaker) continue;
		if (random.between(0, 2) === 0) speaker.ask(target.agentId);
		else speaker.speak(target.agentId);
	}
}

const OUTCOMES = ["delivered", "queued delivered"];

test.each(["second", "always"])(
	`RES3 ORD16 ORD17 ${KILLS} times killed (--fsync %s), nothing is lost, doubled or reordered (MATRIX_CHAOS_SEED=${SEED})`,
	async (fsync) => {
		console.log(`MATRIX_CHAOS_SEED=${SEED}`);
		const random = createRandom(SEED);
		const folder = mkdtempSync(joinPath(tmpdir(), "matrix-kills-"));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const port = await freePort();
		const flags = ["--log-format=json", `--fsync=${fsync}`];
		const url = `ws://127.0.0.1:${port}/ws/matrix`;
		let sidecar = await startSidecar(port, folder, ...flags);
		const everyone = Array.from({ length: AGENTS }, (_, n) =>
			join(url, `agent-${n}`),
		);
		onTestFinished(() => {
			for (const participant of everyone) participant.dispose();
		});
		const areOnline = () => everyone.every(({ isOnline }) => isOnline);
		await until(areOnline, Boolean, PATIENCE);
		for (let kill = 0; kill < KILLS; kill++) {
			const end = performance.now() + random.between(0, LIFE);
			while (performance.now() < end) {
				speak(everyone, random);
				await sleep(5);
			}
			await sidecar.exit("SIGKILL");
			expect(sidecar.logs()).not.toMatch(/"(damaged|degraded|bug|broken)"/);
			sidecar = await startSidecar(port, folder, ...flags);
			if (random.between(0, 2) === 0) await until(areOnline, Boolean, PATIENCE);
		}
		await until(areOnline, Boolean, PATIENCE);
		const left = () => missing(everyone);
		await until(left, ({ length }) => length === 0, PATIENCE).catch(() => {});
		expect(left()).toEqual([]);
		expect(everyone.flatMap(({ faults }) => faults)).toEqual([]);
		for (const { beginnings } of everyone)
			expect(beginnings.slice(1).every((one) => one === "resumed")).toBe(true);
		const badReceipts = () =>
			everyone.flatMap(({ agentId, receipts }) =>
				receipts
					.filter((told) => !OUTCOMES.includes(told))
					.map((told, index) => `${agentId} r${index}: ${told}`),
			);
		await until(badReceipts, ({ length }) => length === 0).catch(() => {});
		expect(badReceipts()).toEqual([]);
		await expectRetained(url, everyone);
		expect(await sidecar.exit("SIGTERM")).toBe(0);
	},
	KILLS * 10_000 + 2 * PATIENCE,
);

/** Who comes now gets of each agent the last message that it had retained, and no other. */
async function expectRetained(
	url: string,
	everyone: readonly Participant[],
): Promise<void> {
	const late = await connect(url);
	onTestFinished(() => late.socket.terminate());
	// Its first message makes it a viewer at once.
	late.send({ type: "ping" });
	await late.next("gateway_hello");
	const kept = new Map<unknown, unknown>();
	for (;;) {
		const message = await late.next();
		if (message.type === "pong") break;
		expect(message.type).toBe("kept");
		expect(kept.has(message.agentId)).toBe(false);
		kept.set(message.agentId, message.n);
	}
	const wanted = everyone
		.filter(({ retained }) => retained > 0)
		.map(({ agentId, retained }) => [agentId, retained - 1] as const);
	expect(kept).toEqual(new Map(wanted));
}
