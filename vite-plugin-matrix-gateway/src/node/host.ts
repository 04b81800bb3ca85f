import { randomBytes } from "node:crypto";
import type { GatewayEvent } from "../core/events.ts";
import {
	createGateway as createCoreGateway,
	type Gateway,
	type GatewayHost,
} from "../core/gateway.ts";
import type { GatewayOptions } from "../core/options.ts";
import { type CompressionOptions, createCompress } from "./compression.ts";
import { encodeTextFrame } from "./frame.ts";
import { isSameToken } from "./token.ts";

/** Options of a gateway on Node. */
export interface NodeGatewayOptions extends GatewayOptions, CompressionOptions {
	/** Told what happens, for a log. It gets no token and no payload; what it throws is dropped. */
	readonly onEvent?: (event: GatewayEvent) => void;
}

/**
 * Creates a gateway on Node's clock and timers.
 *
 * @example
 * const gateway = createGateway({ heartbeatInterval: 10_000 });
 * attach(httpServer, gateway, { token: process.env.TOKEN });
 *
 * @throws RangeError when an option is out of range.
 */
export function createGateway(options: NodeGatewayOptions = {}): Gateway {
	const { onEvent } = options;
	const compress = createCompress(options);
	const host = { ...HOST, compress, ...(onEvent && { onEvent }) };
	return createCoreGateway(host, options);
}

const HOST: GatewayHost = {
	// Not Date.now(): it jumps when the clock is set.
	now: () => performance.timeOrigin + performance.now(),
	setTimer(callback, milliseconds) {
		// Node keeps a list for each length of timer, so fractions would make very many.
		const timer = setTimeout(callback, Math.ceil(milliseconds)).unref();
		return () => clearTimeout(timer);
	},
	// setImmediate runs after the sockets that are ready have been read.
	defer: (callback) => void setImmediate(callback),
	randomId: createRandomIds(),
	randomSecret: () => randomBytes(24).toString("base64url"),
	isEqual: isSameToken,
	encode: encodeTextFrame,
	decode: (payload) =>
		Buffer.from(
			payload.buffer,
			payload.byteOffset,
			payload.byteLength,
		).toString(),
};

const ID_BYTES = 9;

/** Ids from a pool: asking the system for each takes 20 µs of a connection in a storm of them. */
function createRandomIds(): () => string {
	let pool = Buffer.alloc(0);
	let used = 0;
	return () => {
		if (used === pool.length) {
			pool = randomBytes(ID_BYTES * 256);
			used = 0;
		}
		const id = pool.subarray(used, used + ID_BYTES);
		used += ID_BYTES;
		return id.toString("base64url");
	};
}
