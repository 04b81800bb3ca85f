/**
 * A host of the core with nothing but what it has to have: clocks, ids, UTF-8, and sockets that take
 * messages, pings and a close. No frame, no buffer, no network.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Socket } from "../../src/core/edge/host.ts";
import {
	createGateway,
	type Gateway,
	type GatewayHost,
} from "../../src/core/gateway.ts";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import type { Line, LineListener } from "./client.ts";

export interface MemoryHost {
	readonly gateway: Gateway;
	/** Opens a line to the gateway; throws where a network host would answer 503. */
	connect(): Line;
}

export function createMemoryHost(options: GatewayOptions): MemoryHost {
	const gateway = createGateway(SERVICES, options);
	return { gateway, connect: () => openLine(gateway) };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const SERVICES: GatewayHost = {
	now: () => performance.timeOrigin + performance.now(),
	setTimer(callback, milliseconds) {
		const timer = setTimeout(() => setImmediate(callback), milliseconds);
		return () => clearTimeout(timer);
	},
	defer: (callback) => void setImmediate(callback),
	randomId: randomUUID,
	randomSecret: randomUUID,
	digest: (secret) => createHash("sha256").update(secret).digest("hex"),
	fromUtf8: (bytes) => decoder.decode(bytes),
	toUtf8: (text) => encoder.encode(text),
};

/** What either end does arrives at the other one in a later turn, in order; after the end, nothing. */
function openLine(gateway: Gateway): Line {
	if (gateway.draining) throw new Error("HTTP 503");
	let client: LineListener | undefined;
	let isOver = false;
	const later = (arrive: () => void) =>
		void setImmediate(() => isOver || arrive());
	const end = (code: number, reason: string) =>
		later(() => {
			isOver = true;
			client?.ended({ code, reason });
			connection.closed(code);
		});
	const socket: Socket = {
		send: (message) => later(() => client?.text(decoder.decode(message))),
		ping: () => later(() => connection.alive()),
		close: end,
	};
	const connection = gateway.open(socket);
	return {
		send(message) {
			const isBinary = typeof message !== "string";
			const bytes = isBinary ? message : encoder.encode(message);
			if (bytes.byteLength > gateway.maxPayload) end(1009, "");
			else later(() => connection.receive(bytes, isBinary));
		},
		close: (code = 1005) => end(code, ""),
		terminate: () => end(1006, ""),
		listen(listener) {
			client = listener;
		},
	};
}
