/**
 * Reads messages where they lie: sockets are read, one after the other, into the memory of a
 * WebAssembly module, which takes masks off and finds what the router asks for. What is to be kept
 * is copied before the next read.
 *
 * A message of 4 kB takes 0.6 µs so, and one of a scene of 40 objects 5; `JSON.parse` alone takes 2
 * and 22: nothing is made of what nobody asks for.
 */
import { isUtf8 } from "node:buffer";
import type { FoundEnvelope } from "../../core/protocol/envelope.ts";
import { SCANNER_MODULE } from "./scanner-module.ts";
import { createTextCache } from "./text-cache.ts";
import { Unavailable } from "./unavailable.ts";

/** What scanner/scanner.ts exports. Positions are addresses in the memory. */
interface Exports {
	readonly memory: { readonly buffer: ArrayBuffer };
	readonly INPUT: { readonly value: number };
	readonly INPUT_LENGTH: { readonly value: number };
	readonly FOUND: { readonly value: number };
	unmask(from: number, to: number): number;
	scan(from: number, to: number): number;
}

/** Scans what lies in its input. */
export interface Scanner {
	/** What sockets are read into. */
	readonly input: Buffer;
	/** The input from one place to another. */
	view(from: number, to: number): Uint8Array;
	/**
	 * Takes the mask off a payload in the input; the mask is the four bytes before it. A second call
	 * puts it on again. Returns whether the payload is UTF-8.
	 * @throws RangeError where it does not lie in the input.
	 */
	unmask(payload: Uint8Array): boolean;
	/** Finds a message's envelope; undefined also for what does not lie in the input. */
	findEnvelope(payload: Uint8Array): FoundEnvelope | undefined;
}

/**
 * The process's scanner, whose memory is taken with the first call.
 * @throws Unavailable where there is no WebAssembly with SIMD, or no address space for its memory.
 */
export function takeScanner(): Scanner {
	taken ??= createScanner(instantiate());
	return taken;
}

let taken: Scanner | undefined;

function createScanner(exports: Exports): Scanner {
	const { buffer } = exports.memory;
	const base = exports.INPUT.value;
	const input = Buffer.from(buffer, base, exports.INPUT_LENGTH.value);
	const found = new Uint32Array(buffer, exports.FOUND.value, 4);

	const textOf = createTextCache(input);

	function textAt(place: number): string {
		const from = found[place] ?? 0;
		const to = found[place + 1] ?? 0;
		return textOf(from - base, to - base);
	}

	// Of the last payload that was asked for: to ask it where it lies takes as long as to take its mask off.
	let last: Uint8Array | undefined;
	let lastFrom = 0;
	let lastTo = 0;

	function isInside(payload: Uint8Array): boolean {
		if (payload === last) return true;
		if (payload.buffer !== buffer) return false;
		last = payload;
		lastFrom = payload.byteOffset;
		lastTo = lastFrom + payload.length;
		return true;
	}

	return {
		input,
		view(from, to) {
			// Not `subarray`, which takes longer.
			last = new Uint8Array(buffer, base + from, to - from);
			lastFrom = base + from;
			lastTo = base + to;
			return last;
		},
		unmask(payload) {
			if (!isInside(payload)) throw new RangeError("not in the input");
			return exports.unmask(lastFrom, lastTo) !== 0 || isUtf8(payload);
		},
		findEnvelope(payload) {
			if (!isInside(payload) || exports.scan(lastFrom, lastTo) === 0)
				return undefined;
			return { type: textAt(0), target: found[2] ? textAt(2) : undefined };
		},
	};
}

/** Every Node has it; its type is in TypeScript's `dom` library, which is not loaded here. */
declare const WebAssembly: {
	readonly Module: new (bytes: Uint8Array) => object;
	readonly Instance: new (module: object) => { readonly exports: unknown };
};

function instantiate(): Exports {
	const module = compile();
	try {
		return new WebAssembly.Instance(module).exports as Exports;
	} catch {
		throw new Unavailable(
			"messages are read by Node's streams: a limit such as `ulimit -v` leaves no room for WebAssembly's memory, for which V8 reserves 10 GiB of addresses, and none under `node --disable-wasm-trap-handler`",
		);
	}
}

function compile(): object {
	try {
		return new WebAssembly.Module(Buffer.from(SCANNER_MODULE, "base64"));
	} catch {
		// As with `--jitless`, or on a processor without the instructions.
		throw new Unavailable(
			"messages are read by Node's streams: this Node has no WebAssembly with SIMD",
		);
	}
}
