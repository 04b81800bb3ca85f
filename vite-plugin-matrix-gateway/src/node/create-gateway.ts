import { randomBytes, randomFillSync } from "node:crypto";
// Not the global one, which is found by a getter for each message.
import { performance } from "node:perf_hooks";
import {
	createGateway as createCoreGateway,
	type GatewayHost,
} from "../core/gateway.ts";
import { continueInMemory } from "../core/order/memory.ts";
import type { EndReason } from "../core/order/order.ts";
import {
	type GatewayOptions,
	resolveOptions,
} from "../core/protocol/options.ts";
import type { WorldSnapshot } from "../core/world/snapshot.ts";
import { CODEC } from "./codec.ts";
import type { CompressionOptions } from "./compression.ts";
import type { NativeIoOptions } from "./native-io.ts";
import {
	type NodeGateway,
	type NodeGatewayEvent,
	withNativeIo,
} from "./node-gateway.ts";
import { type DataOptions, orderOf } from "./order/data-options.ts";
import {
	type RedisWorldOptions,
	redisOrderOf,
} from "./order/redis/redis-options.ts";
import { quietly } from "./quietly.ts";
import { chargeWriting } from "./read-shares.ts";
import { createSharedParts, type SharedParts } from "./shared-parts.ts";
import { digestOf, keysOf } from "./token.ts";

/** Options of a gateway on Node. */
export interface NodeGatewayOptions
	extends GatewayOptions,
		CompressionOptions,
		NativeIoOptions,
		DataOptions,
		RedisWorldOptions {
	/** Told what happens, for a log. It gets no token and no payload; its own errors are dropped. */
	readonly onEvent?: (event: NodeGatewayEvent) => void;
	/**
	 * Told once that the gateway's state is broken, by an error of its own: it has closed everyone
	 * with 1011 and serves no more, so it is to be ended [ERR3].
	 * @default writes the error to standard error
	 */
	readonly onBroken?: (error: unknown) => void;
	/**
	 * Told once that others share the world without this gateway: it has closed everyone with 1012
	 * and serves no more. Another one is to be made that `replaces` its `nodeId`; but where the
	 * options are the reason, none [ORD13].
	 * @default writes the reason to standard error
	 */
	readonly onEnded?: (reason: EndReason) => void;
	/**
	 * What another gateway of this process has handed over, to go on with [SH3]. Where there is
	 * `data`, the world that is in the folder goes before.
	 * @default a new world
	 */
	readonly world?: WorldSnapshot | undefined;
}

/**
 * Creates a gateway on Node's clock and timers.
 *
 * @example
 * import { createServer } from "node:http";
 * import { attach, createGateway } from "vite-plugin-matrix-gateway/server";
 *
 * const gateway = createGateway({ heartbeatInterval: 10_000 });
 * const server = createServer();
 * attach(server, gateway, { token: process.env.TOKEN });
 * server.listen(8765);
 *
 * @throws RangeError when an option is out of range.
 * @throws TypeError when `redis` is no URL of one, or is given together with `data`.
 * @throws DataError when the folder `data` is in use, cannot be used, or is of a newer version.
 */
export function createGateway(options: NodeGatewayOptions = {}): NodeGateway {
	const { tellLater } = createTelling(options);
	const shared = createSharedParts(options, (reason) =>
		tellLater({ event: "nativeIo", reason }),
	);
	return createGatewayWith(shared, options);
}

/** What a hub gives to each of its worlds. */
export interface WorldParts extends SharedParts {
	/** As grants have it. */
	readonly name?: string;
	/** Told that what a token allows is another thing. */
	readonly onRegranted?: GatewayHost["onRegranted"];
}

/** The same, with what it has together with others. */
export function createGatewayWith(
	{ nativeIo, compress, snapshotBudget, name, onRegranted }: WorldParts,
	options: NodeGatewayOptions,
): NodeGateway {
	const { onBroken = tellOnStandardError, onEnded = tellOfEnd } = options;
	const { world } = options;
	const { tell, tellLater } = createTelling(options);
	const host: GatewayHost = {
		...HOST,
		findEnvelope: nativeIo.findEnvelope,
		compress,
		snapshotBudget,
		...(name !== undefined && { worldName: name }),
		...(onRegranted && { onRegranted }),
		onBroken: (error) => quietly(() => onBroken(error)),
		onEnded: (reason) => quietly(() => onEnded(reason)),
		onEvent: tell,
	};
	const inFolder = orderOf(options, {
		options: resolveOptions(options),
		initial: world,
		codec: CODEC,
		tell: tellLater,
	});
	const createOrder =
		redisOrderOf(options, { tell }) ??
		inFolder ??
		(world && continueInMemory(world));
	return withNativeIo(createCoreGateway(host, options, createOrder), nativeIo);
}

/** What becomes of an error that nobody is told of. */
export function tellOnStandardError(error: unknown): void {
	console.error("the Matrix gateway serves no more:", error);
}

function createTelling({ onEvent }: NodeGatewayOptions) {
	const tell = (event: NodeGatewayEvent) => quietly(() => onEvent?.(event));
	// Whoever is told may ask the gateway, which is not there before it was made.
	const tellLater = (event: NodeGatewayEvent) =>
		queueMicrotask(() => tell(event));
	return { tell, tellLater };
}

function tellOfEnd({ message }: EndReason): void {
	console.error(`the Matrix gateway is out of its world: ${message}`);
}

/** Bytes of an id. */
const ID_LENGTH = 9;

/**
 * Bytes for the next ids. Drawn for 256 at once: an id takes 0.1 µs instead of 1.5, and leaves
 * no hole in the native heap between two connections.
 */
const pool = Buffer.alloc(256 * ID_LENGTH);
let taken = pool.length;

function randomId(): string {
	if (taken === pool.length) {
		randomFillSync(pool);
		taken = 0;
	}
	taken += ID_LENGTH;
	return pool.toString("base64url", taken - ID_LENGTH, taken);
}

/** Asked for once: it is asked for each message. */
const { timeOrigin } = performance;

const HOST: GatewayHost = {
	...CODEC,
	// Not Date.now(): it jumps when the clock is set.
	now: () => timeOrigin + performance.now(),
	wallTime: () => Date.now(),
	idleTime: () => performance.nodeTiming.idleTime,
	setTimer(callback, milliseconds) {
		let immediate: NodeJS.Immediate | undefined;
		const end = () => {
			immediate = setImmediate(callback);
		};
		// Node keeps a list for each length of timer, so fractions would make very many.
		const timer = setTimeout(end, Math.ceil(milliseconds)).unref();
		return () => {
			clearTimeout(timer);
			clearImmediate(immediate);
		};
	},
	// setImmediate runs after the sockets that are ready have been read.
	defer: (callback) => void setImmediate(callback),
	wrote: chargeWriting,
	randomId,
	randomSecret: () => randomBytes(24).toString("base64url"),
	digest: digestOf,
	keysOf,
	fromUtf8: (bytes) => toBuffer(bytes).toString(),
};

function toBuffer(bytes: Uint8Array): Buffer {
	if (bytes instanceof Buffer) return bytes;
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
