/** Whatever strangers send, in this process: the gateway stays whole, and those who mean well lose nothing. */
import { expect, onTestFinished, test } from "vitest";
import type { ConnectionHandle } from "../../src/core/gateway.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { takeScanner } from "../../src/node/native/scanner.ts";
import type { NodeGatewayEvent } from "../../src/node/node-gateway.ts";
import { createRandom, type Random } from "../chaos/random.ts";
import { anyMessage } from "../fuzz/messages.ts";
import { RUNS, SEED } from "../fuzz/seed.ts";
import { readFrame } from "../support/frames.ts";
import { heapUsed } from "../support/heap.ts";
import { until } from "../support/until.ts";

const STRANGERS = 12;
/** Inputs between two turns of the event loop, in each of which the pair talks. */
const A_TURN = 50;
const SESSIONS = 50;
/** Bytes that may be more in memory at the end than in the middle. */
const GROWTH = 24 * 1024 * 1024;

const OPTIONS = {
	retain: "matrix",
	resumeWindow: 200,
	registerTimeout: 50,
	maxDetachedSessions: 50,
	maxRetainedMessages: 200,
	maxLogBytes: 1_000_000,
} as const;

test(
	`RT7 REG1 RET2 RES4 any messages of strangers, seed ${SEED}`,
	async () => {
		const bugs = listenForBugs();
		const gateway = createGateway({
			...OPTIONS,
			onEvent: bugs.onEvent,
			onBroken: bugs.add,
		});
		const random = createRandom(SEED);
		const sessions: string[] = [];
		const strangers = Array.from({ length: STRANGERS }, () => comeIn());
		const pair = [talker("well-a"), talker("well-b")] as const;
		const { input } = takeScanner();
		let before = 0;
		let turns = 0;

		function comeIn(): Line {
			return openLine(gateway, (text) => {
				const session = /"session":"([^"]+)"/.exec(text)?.[1];
				if (!session) return;
				sessions.push(session);
				if (sessions.length > SESSIONS) sessions.shift();
			});
		}

		function talker(agentId: string) {
			const got: number[] = [];
			const line = openLine(gateway, (text) => {
				const { type, n } = JSON.parse(text);
				if (type === "well") got.push(n);
			});
			line.send({ type: "agent_register", agentId });
			return { agentId, got, line };
		}

		function talk(n: number): void {
			const [a, b] = pair;
			a.line.send({ type: "well", target_id: b.agentId, n });
			b.line.send({ type: "well", target_id: a.agentId, n });
		}

		for (let run = 0; run < RUNS; run++) {
			const at = random.between(0, STRANGERS);
			if (strangers[at]?.isOver || random.between(0, 100) === 0) {
				strangers[at]?.end(random);
				strangers[at] = comeIn();
			}
			const bytes = anyMessage(random, sessions);
			// Where sockets are read natively it lies where the scanner finds it.
			const isNative = random.between(0, 2) === 0;
			const payload = isNative ? input.subarray(0, bytes.copy(input)) : bytes;
			strangers[at]?.handle.receive(payload, random.between(0, 20) === 0);
			if (run % A_TURN > 0) continue;
			talk(turns++);
			await new Promise(setImmediate);
			if (run === Math.floor(RUNS / 2 / A_TURN) * A_TURN) before = heapUsed();
		}

		for (const stranger of strangers) stranger.end(random);
		const all = Array.from({ length: turns }, (_, n) => n);
		await until(
			() => pair[1].got.length,
			(length) => length === turns,
		);
		for (const { got, line } of pair) {
			expect(line.isOver).toBe(false);
			expect(got).toEqual(all);
		}
		const { agents, connections } = await until(
			() => gateway.status(),
			({ agents, connections }) => agents.length === 2 && connections === 2,
		);
		expect(agents.map(({ agentId }) => agentId)).toEqual(["well-a", "well-b"]);
		expect(connections).toBe(2);
		expect(bugs.all).toEqual([]);
		expect(heapUsed() - before).toBeLessThan(GROWTH);
		await gateway.close({ timeout: 0 });
	},
	20_000 + RUNS,
);

/** Errors of the gateway's own, and what nobody has caught. */
function listenForBugs() {
	const all: unknown[] = [];
	const add = (error: unknown) => void all.push(error);
	process.on("unhandledRejection", add).on("uncaughtException", add);
	onTestFinished(() => {
		process.off("unhandledRejection", add).off("uncaughtException", add);
	});
	const onEvent = (event: NodeGatewayEvent) => {
		if (event.event === "failed") add(event.error);
	};
	return { all, add, onEvent };
}

interface Line {
	readonly handle: ConnectionHandle;
	/** Whether the gateway has closed it. */
	readonly isOver: boolean;
	send(message: object): void;
	end(random: Random): void;
}

const CLOSE_CODES = [1000, 1001, 1005, 1006, 1002, 1009, 4999];

/** A socket that is always read. */
function openLine(
	gateway: ReturnType<typeof createGateway>,
	read: (text: string) => void,
): Line {
	let isOver = false;
	const socket = {
		bufferedBytes: 0,
		writeFrames(bytes: Uint8Array) {
			let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
			for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
				read(frame.payload.toString());
				rest = rest.subarray(frame.size);
			}
			return 0;
		},
		ping() {},
		close(code: number) {
			isOver = true;
			queueMicrotask(() => handle.closed(code));
		},
		terminate() {
			isOver = true;
			queueMicrotask(() => handle.closed(1006));
		},
	};
	const handle = gateway.open(socket);
	return {
		handle,
		get isOver() {
			return isOver;
		},
		send: (message) =>
			handle.receive(Buffer.from(JSON.stringify(message)), false),
		end: (random) => handle.closed(random.pick(CLOSE_CODES)),
	};
}
