/** A host whose clock, timers and turns move only when a test says so. */
import type { GatewayEvent } from "../../../src/core/edge/events.ts";
import type { GatewayHost } from "../../../src/core/gateway.ts";
import { createVirtualTime } from "../../../src/testing/virtual-time.ts";
import { findEnvelope } from "./envelope.ts";
import { toCompressed, toFrame } from "./frame.ts";

export interface FakeHost extends GatewayHost {
	/** What the gateway told its host. */
	readonly events: GatewayEvent[];
	/** How many frames were encoded. */
	readonly encoded: number;
	/** How many frames were compressed, each once. */
	readonly compressed: number;
	/** How many timers run. */
	readonly timers: number;
	/** Ends this turn of the event loop: runs what was deferred, and what that defers. */
	turn(): void;
	/** Lets time pass; each timer fires at its time, and has a turn of its own. */
	advance(milliseconds: number): void;
	/** Lets time pass while the process is busy or asleep: no timer fires. */
	sleep(milliseconds: number): void;
	/** Has the timers that are due call back at the end of the turn, which has not come yet. */
	fireLate(): void;
}

/** 2026-11-22T12:00:00Z */
const START = 1_795_348_800_000;

/** @param findsEnvelopes Whether it finds them, as a host may; else the core parses every message. */
export function createFakeHost(findsEnvelopes = true): FakeHost {
	const time = createVirtualTime(START);
	const events: GatewayEvent[] = [];
	let ids = 0;
	let encoded = 0;
	let compressed = 0;
	const done = new WeakMap<Uint8Array, Uint8Array>();

	return {
		events,
		get encoded() {
			return encoded;
		},
		get compressed() {
			return compressed;
		},
		get timers() {
			return time.timers;
		},
		now: () => time.now,
		setTimer: time.setTimer,
		defer: time.defer,
		randomId: () => `connection-${++ids}`,
		randomSecret: () => `secret-${++ids}`,
		digest: (secret) => `digest of ${secret}`,
		encode(...parts) {
			encoded++;
			return toFrame(...parts);
		},
		compress(frame) {
			const before = done.get(frame);
			if (before) return before;
			compressed++;
			const after = toCompressed(frame);
			done.set(frame, after);
			return after;
		},
		findEnvelope: findsEnvelopes ? findEnvelope : undefined,
		fromUtf8: (bytes) => new TextDecoder().decode(bytes),
		toUtf8: (text) => new TextEncoder().encode(text),
		onEvent: (event) => events.push(event),
		turn: time.turn,
		advance(milliseconds) {
			const end = time.now + milliseconds;
			time.turn();
			while (time.step(end)) time.turn();
			time.sleep(Math.max(0, end - time.now));
		},
		sleep: time.sleep,
		fireLate: time.fireLate,
	};
}
