/** The front door of a gateway in memory. */
import type { Clock, MatrixClientOptions } from "../client/index.ts";
import { textOf } from "../node/codec.ts";
import { checkDuration, createDisturbing } from "./disturbing.ts";
import { type GatewayProcess, startProcess } from "./gateway-process.ts";
import { createNetwork } from "./network.ts";
import type { Matrix, MatrixOptions, RestartOptions } from "./options.ts";
import { createPassing } from "./passing.ts";
import { createChance } from "./seeded.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/**
 * Makes a gateway in memory, for tests: no socket, no time that passes by itself, no chance but that
 * of the seed. Clients are those of `vite-plugin-matrix-gateway/client`.
 *
 * @example
 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
 * import { createMatrix } from "vite-plugin-matrix-gateway/testing";
 *
 * const matrix = createMatrix({ seed: 7 });
 * const ada = createMatrixClient({ ...matrix.client, agentId: "ada" });
 * await matrix.settled();
 * console.log(ada.state.status); // online
 * matrix.drop(ada);
 * await matrix.settled();
 * console.log(ada.state); // { status: "online", resumed: true }
 * await matrix.close();
 *
 * @throws RangeError when an option is out of range.
 */
export function createMatrix({
	seed = 1,
	gateway: options = {},
}: MatrixOptions = {}): Matrix {
	const time = createVirtualTime(START);
	const chance = createChance(seed);
	const passing = createPassing(time);
	const ending = new AbortController();
	let ids = 0;
	let broken: unknown;
	const parts = {
		...{ options, time },
		nextId: () => `${toText(chance())}-${++ids}`,
		broken: (error: unknown) => {
			broken = error;
		},
	};
	let process: GatewayProcess | undefined = startProcess(parts, undefined);
	let restarting: Promise<void> | undefined;
	const { clock, returning } = createClock(time, chance);
	const network = createNetwork({
		...{ time, chance },
		open: (socket) => there().open(socket),
	});

	function there(): GatewayProcess {
		if (!process) throw new Error("there is no gateway for now");
		return process;
	}

	async function replace({ crash = false, forget = false }: RestartOptions) {
		const old = there();
		const cut = crash ? old.cut() : undefined;
		if (crash) {
			process = undefined;
			old.kill();
			network.cut();
		}
		const world = crash ? cut : await old.end();
		old.kill();
		process = startProcess(parts, forget ? undefined : world);
	}

	function beginRestart(how: RestartOptions): Promise<void> {
		restarting ??= replace(how).finally(() => {
			restarting = undefined;
		});
		return restarting;
	}

	const disturb = createDisturbing({
		...{ time, chance, network },
		restart: (how) => void beginRestart(how),
	});

	function isQuiet(): boolean {
		return network.onTheWay === 0 && returning() === 0 && !restarting;
	}

	async function run(isDone: () => boolean, what: string): Promise<void> {
		const isInTime = await passing.run(
			() => isDone() || broken !== undefined,
			time.now + LONGEST,
		);
		if (broken !== undefined)
			throw new Error("the gateway's state is broken", { cause: broken });
		if (!isInTime)
			throw new Error(
				`${what}: an hour was not enough, ${returning()} clients are not online`,
			);
	}

	async function until<Value>(promise: Promise<Value>): Promise<Value> {
		let isOver = false;
		const end = () => {
			isOver = true;
		};
		promise.then(end, end);
		await run(() => isOver, "not over");
		return promise;
	}

	async function pass(milliseconds: number): Promise<void> {
		checkDuration(milliseconds);
		const end = time.now + milliseconds;
		await passing.run(() => false, end);
		time.sleep(Math.max(0, end - time.now));
	}

	async function close(): Promise<void> {
		disturb({});
		ending.abort();
		await run(isQuiet, "not closed");
		process?.kill();
		process = undefined;
	}

	return {
		client: {
			...{ url: "ws://matrix.test/ws/matrix", clock },
			WebSocket: network.WebSocket,
			signal: ending.signal,
		} satisfies MatrixClientOptions,
		get now() {
			return time.now;
		},
		trace: network.trace,
		get retained() {
			return there()
				.cut()
				.retained.map(({ frame }) => textOf(frame));
		},
		status: () => there().status(),
		settled: () => run(isQuiet, "not settled"),
		pass,
		until,
		drop(client) {
			if (!client) network.cut();
			else if (client.connectionId !== undefined)
				network.cut(client.connectionId);
		},
		restart: (how = {}) => until(beginRestart(how)),
		disturb,
		close,
	};
}

/** 2026-01-01T00:00:00Z */
const START = Date.UTC(2026, 0, 1);

/** Milliseconds. */
const LONGEST = 3_600_000;

/** The clients' clock, and how many of them wait for a connection. */
function createClock(time: VirtualTime, random: () => number) {
	const waiting = new Set<object>();
	const clock: Clock = {
		now: () => time.now,
		random,
		setTimer(callback, milliseconds, isReturning = false) {
			const timer = {};
			if (isReturning) waiting.add(timer);
			const stop = time.setTimer(() => {
				waiting.delete(timer);
				callback();
			}, milliseconds);
			return () => {
				waiting.delete(timer);
				stop();
			};
		},
	};
	return { clock, returning: () => waiting.size };
}

function toText(number: number): string {
	return number.toString(36).slice(2, 10);
}
