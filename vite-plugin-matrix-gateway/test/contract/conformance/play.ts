/** Plays a case over a bare socket, in each way in which its bytes may come. */
import { constants, inflateRawSync } from "node:zlib";
import { expect } from "vitest";
import { COMPRESSED, readFrame, textFrame } from "../../support/frames.ts";
import type { TestGateway } from "../../support/gateway.ts";
import { ANSWER, brief, type ConformanceCase, OPCODE } from "./case.ts";

/** Of what is longer not every byte is sent by itself. */
const SHORT = 300;

/** The pieces in which a case is sent, in each way. */
export function waysOf({
	frames,
	piece,
}: ConformanceCase): (readonly [string, readonly Buffer[]])[] {
	const all = Buffer.concat(frames);
	const length = piece ?? (all.length <= SHORT ? 1 : all.length);
	const count = Math.ceil(all.length / length);
	const pieces = Array.from({ length: count }, (_, index) =>
		all.subarray(index * length, (index + 1) * length),
	);
	const ways = [
		["at once", [all]],
		["frame by frame", frames],
		["in pieces", pieces],
	] as const;
	// Two frames, of which one is the good-bye, come as well at once.
	return ways.filter(([name, { length }]) => name === "at once" || length > 2);
}

/** Pongs are outside of the order [RT5]; apart from each other both have theirs. */
export function inOrder(words: readonly string[]): string[] {
	const pongs = words.filter((word) => word.startsWith("pong "));
	return [...words.filter((word) => !pongs.includes(word)), ...pongs];
}

/** All that comes back until the server hangs up, in words. */
export async function play(
	gateway: TestGateway,
	pieces: readonly Buffer[],
	headers?: Record<string, string>,
): Promise<string[]> {
	const { socket } = await gateway.raw(headers);
	const received: Buffer[] = [];
	socket.on("data", (chunk) => received.push(chunk));
	socket.setNoDelay();
	const ended = new Promise((resolve) => {
		socket.once("end", resolve).once("close", resolve);
	});
	socket.write(textFrame({ type: "ping" }));
	for (const piece of pieces) {
		socket.write(piece);
		await new Promise(setImmediate);
	}
	await ended;
	socket.destroy();
	const words = wordsFor(Buffer.concat(received));
	const [hello, pong, ...answers] = inOrder(words);
	expect([hello, pong]).toEqual(["gateway_hello", "pong"]);
	return answers;
}

function wordsFor(bytes: Buffer): string[] {
	const words: string[] = [];
	let rest = bytes;
	for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
		const isCompressed = frame.reserved === COMPRESSED;
		const { opcode, payload, size } = frame;
		words.push(wordFor(opcode, isCompressed ? inflate(payload) : payload));
		rest = rest.subarray(size);
	}
	return words;
}

function inflate(payload: Buffer): Buffer {
	const bytes = Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]);
	return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
}

function wordFor(opcode: number, payload: Buffer): string {
	if (opcode === OPCODE.pong) return ANSWER.pong(payload);
	if (opcode === OPCODE.close)
		return payload.length === 0
			? ANSWER.close()
			: ANSWER.close(payload.readUInt16BE(), payload.toString("utf8", 2));
	const text = payload.toString();
	const { type, code } = JSON.parse(text);
	if (type === "gateway_error") return ANSWER.error(code);
	return type === "t" ? ANSWER.text(text) : brief(type);
}
