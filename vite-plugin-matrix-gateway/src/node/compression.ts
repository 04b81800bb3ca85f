/**
 * Compression of what the gateway sends (permessage-deflate, RFC 7692) [CMP].
 *
 * Each message is compressed by itself, with no regard to what a connection was sent before, and
 * so once for all who share it. What a client compresses is inflated by ws.
 */
import type { IncomingHttpHeaders } from "node:http";
import { constants, deflateRawSync } from "node:zlib";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import { encodeCompressedFrame, payloadStart } from "./frame.ts";

/** Whether and from where on messages are compressed. */
export interface CompressionOptions {
	/**
	 * Compresses what is sent to clients that offer it, once for all of them, and lets them
	 * compress what they send [CMP1, CMP3]. It halves a world for newcomers; but the Matrix's
	 * short messages shrink by a tenth, and one that a client has compressed takes several times
	 * as long to read.
	 * @default false
	 */
	readonly compression?: boolean;
	/**
	 * The bytes from which on a message is compressed [CMP2]. Below, one of the Matrix's loses
	 * 40 bytes at most, and takes as long to compress as one of 600 does.
	 * @default 256
	 */
	readonly compressionThreshold?: number;
}

/**
 * What makes a compressed frame of a plain one; undefined where compression is off.
 * @throws RangeError when the threshold is no number from 0 on.
 */
export function createCompress({
	compression = false,
	compressionThreshold: threshold = DEFAULTS.compressionThreshold,
}: CompressionOptions): ((frame: Uint8Array) => Uint8Array) | undefined {
	if (!(threshold >= 0))
		throw new RangeError(
			`compressionThreshold is a number from 0 on, but ${String(threshold)} was given`,
		);
	if (!compression) return undefined;
	// By frame: the log, a session and the retained messages give the same one many times. What
	// is kept here goes with it, and comes on top of what they may take: less than once more.
	const done = new WeakMap<Uint8Array, Uint8Array>();
	return (frame) => {
		const start = payloadStart(frame);
		if (frame.byteLength - start < threshold) return frame;
		const before = done.get(frame);
		if (before) return before;
		const smaller = shrink(frame, start);
		done.set(frame, smaller);
		return smaller;
	};
}

/**
 * What ws is told where compression is on. Of a client no promise is asked: some hold to none
 * that they did not offer themselves, and ws keeps its inflater for as long as a connection anyway.
 */
export const NEGOTIATION = { serverNoContextTakeover: true } as const;

/** Leaves one offer that is accepted, or none: ws would answer others with 400 [CMP1]. */
export function keepUsableOffer(headers: IncomingHttpHeaders): void {
	const offer = headers[OFFERS]?.split(",").find(isUsable)?.trim();
	if (offer) headers[OFFERS] = offer;
	else dropOffers(headers);
}

/** Leaves no offer, so that nothing is inflated for those who are not let in [CMP1]. */
export function dropOffers(headers: IncomingHttpHeaders): void {
	delete headers[OFFERS];
}

/** Whether compression was agreed on; asked of a WebSocket of ws's. */
export function hasCompression(webSocket: {
	readonly extensions: string;
}): boolean {
	return webSocket.extensions !== "";
}

const OFFERS = "sec-websocket-extensions";

/**
 * How far back a compressed message refers, as a power of two: 4 kB. Clients may ask for a bound
 * on it, and Python's `websockets` asks for this one. Measured on what the Matrix says, a larger
 * one gains nothing, and costs a third more time for a short message, whose memory is cleared first.
 */
const WINDOW_BITS = 12;

/**
 * Not by a stream that is kept and reset: that takes private parts of Node's, and gained 4 of 7
 * µs a message, once for all receivers. Level 3 takes two thirds of the time of level 6, for
 * 10 % more bytes.
 */
const DEFLATE = {
	windowBits: WINDOW_BITS,
	memLevel: 5,
	level: 3,
	finishFlush: constants.Z_SYNC_FLUSH,
} as const;

/** The empty block that ends what was flushed, and that is not sent (RFC 7692, section 7.2.1). */
const TRAILER_LENGTH = 4;

function shrink(frame: Uint8Array, start: number): Uint8Array {
	const deflated = deflateRawSync(frame.subarray(start), DEFLATE);
	const smaller = encodeCompressedFrame(
		deflated.subarray(0, deflated.byteLength - TRAILER_LENGTH),
	);
	if (smaller.byteLength >= frame.byteLength) return frame;
	// Frames that are kept have their exact size, and what is kept with them must not pin a chunk.
	// To copy all of them took a fifth of a broadcast's CPU time.
	const isKept = frame.byteLength === frame.buffer.byteLength;
	return isKept ? new Uint8Array(smaller) : smaller;
}

/** Whether an offer is one that RFC 7692 knows, and allows the window that is used here. */
function isUsable(offer: string): boolean {
	const [name, ...parameters] = offer.split(";").map((text) => text.trim());
	const names = parameters.map((text) => text.split("=")[0]);
	return (
		name === "permessage-deflate" &&
		parameters.every((text) => PARAMETER.test(text)) &&
		new Set(names).size === names.length
	);
}

const PARAMETER =
	/^(?:(?:client|server)_no_context_takeover|client_max_window_bits(?:=(?:[89]|1[0-5]))?|server_max_window_bits=1[2-5])$/;
