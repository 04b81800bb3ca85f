/**
 * Agents in Python, beside some in Node, through a network that fails in every way, at random bytes, to
 * a sidecar with a folder that is killed again and again.
 *
 * MATRIX_CHAOS_SEED replays a run as far as clocks let it, MATRIX_PYTHON_CUTS makes it longer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { PYTHONS } from "../python/pythons.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";
import { flowsAmong } from "./missing.ts";
import { join, type Participant } from "./participant.ts";
import { createChaosProxy } from "./proxy.ts";
import { type Report, startPythonAgents } from "./python-agents.ts";
import { createRandom } from "./random.ts";
import { startSidecar } from "./sidecar.ts";

const SEED = Number(process.env.MATRIX_CHAOS_SEED ?? Date.now() % 2 ** 31);
const CUTS = Number(process.env.MATRIX_PYTHON_CUTS ?? 20);
/** So many cuts lie between two restarts. */
const LIFE = Math.max(10, CUTS / 10);

const OWN = Array.from({ length: 8 }, (_, n) => `python-${n}`);
const OTHERS = ["node-0", "node-1"];

/** Milliseconds until everyone has come through, on a machine that is busy. */
const PATIENCE = 60_000;

/** What a participant in Node has, as one in Python tells it. */
function toReport(one: Participant): Report {
	const got = [...one.got].map(([from, numbers]) => [from, numbers.length]);
	return {
		agentId: one.agentId,
		state: one.standing,
		sent: Object.fromEntries(one.sent),
		got: Object.fromEntries(got),
		faults: one.faults,
		beginnings: one.beginnings,
		agents: one.roster,
		...{ asked: 0, receipts: 0, bad: [] },
	};
}

/** What has not come, or not once, of all that was sent, and which receipts have not. */
function missing(everyone: readonly Report[]): string[] {
	const faults = everyone.flatMap(({ agentId, asked, receipts, bad }) =>
		asked === receipts && bad.length === 0
			? []
			: [`${agentId} has ${receipts} of ${asked} receipts ${bad.slice(0, 3)}`],
	);
	for (const { sender, receiver, target, from } of flowsAmong(everyone)) {
		const sent = sender.sent[target] ?? 0;
		const got = receiver.got[from] ?? 0;
		if (got === sent) continue;
		const who = `${receiver.agentId} (${receiver.state})`;
		faults.push(`${who} has ${got} of ${sent} of ${from}`);
	}
	return faults;
}

test.for(PYTHONS)(
	`RES3 over ${CUTS} cuts and restarts nothing is lost, doubled or reordered, with $name (MATRIX_CHAOS_SEED=${SEED})`,
	{ timeout: CUTS * 2_000 + 2 * PATIENCE },
	async (python, { skip }) => {
		skip(python.missing !== undefined, python.missing);
		console.log(`${python.name}: MATRIX_CHAOS_SEED=${SEED}`);
		const random = createRandom(SEED);
		const folder = mkdtempSync(joinPath(tmpdir(), "matrix-python-"));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const port = await freePort();
		let sidecar = await startSidecar(port, folder);
		const proxy = await createChaosProxy({
			port,
			random: random.fork(),
			bytes: [500, 30_000],
			silence: 400,
		});
		onTestFinished(() => proxy.close());
		const url = `ws://127.0.0.1:${proxy.port}/ws/matrix`;
		const others = OTHERS.map((name) => join(url, name));
		const args = [url, `${SEED}`, OWN.join(), OTHERS.join()];
		const agents = startPythonAgents(python, args);
		onTestFinished(() => {
			for (const other of others) other.dispose();
			agents.kill();
		});
		const everyone = async () => [
			...(await agents.report()),
			...others.map(toReport),
		];
		const areThere = (all: readonly Report[]) =>
			all.every(({ agents }) => agents.length === OWN.length + OTHERS.length);
		await until(everyone, areThere, PATIENCE);

		agents.talk();
		let restarts = 0;
		for (let turn = 0; proxy.cuts < CUTS; turn++) {
			for (const other of others) other.speak(turn % 2 ? "" : random.pick(OWN));
			await sleep(10);
			if (proxy.cuts < (restarts + 1) * LIFE) continue;
			restarts++;
			await sidecar.exit("SIGKILL");
			sidecar = await startSidecar(port, folder);
		}
		await agents.quiet();
		proxy.calm();

		const left = async () => missing(await everyone());
		const isEmpty = ({ length }: readonly string[]) => length === 0;
		// Who broke a rule is told first.
		await until(left, isEmpty, PATIENCE).catch(() => {});
		const all = await everyone();
		expect(all.flatMap(({ faults }) => faults)).toEqual([]);
		expect(missing(all)).toEqual([]);
		for (const { beginnings } of all)
			expect(new Set(beginnings.slice(1))).not.toContain("lost");
		const sum = (counts: Readonly<Record<string, number>>) =>
			Object.values(counts).reduce((total, count) => total + count, 0);
		const sent = all.reduce((total, one) => total + sum(one.sent), 0);
		const got = all.reduce((total, one) => total + sum(one.got), 0);
		console.log(
			`${python.name}: ${proxy.cuts} cuts, ${restarts} restarts, ${sent} sent, ${got} received`,
		);
		expect(await agents.end()).toBe("left 0");
		expect(agents.complaints()).toEqual([]);
		expect(await sidecar.exit("SIGTERM")).toBe(0);
	},
);
