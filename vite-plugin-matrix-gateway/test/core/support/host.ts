/** A host whose clock, timers and turns move only when a test says so. */
import type { GatewayEvent } from "../../../src/core/edge/events.ts";
import type { GatewayHost } from "../../../src/core/gateway.ts";
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

interface Timer {
	readonly at: number;
	readonly callback: () => void;
}

/** 2026-11-22T12:00:00Z */
const START = 1_795_348_800_000;

/** Deferring for ever is a bug, and must not hang the tests. */
const MOST_DEFERRED = 100_000;

/** @param findsEnvelopes Whether it finds them, as a host may; else the core parses every message. */
export function createFakeHost(findsEnvelopes = true): FakeHost {
	const timers = new Set<Timer>();
	const events: GatewayEvent[] = [];
	let deferred: (() => void)[] = [];
	let time = START;
	let ids = 0;
	let encoded = 0;
	let compressed = 0;
	const done = new WeakMap<Uint8Array, Uint8Array>();

	function turn(): void {
		for (let ran = 0; deferred.length > 0; ran += 1) {
			if (ran > MOST_DEFERRED) throw new Error("deferring without an end");
			const callbacks = deferred;
			deferred = [];
			for (const callback of callbacks) callback();
		}
	}

	function fire(timer: Timer): void {
		deferred.push(() => {
			if (timers.delete(timer)) timer.callback();
		});
	}

	return {
		events,
		get encoded() {
			return encoded;
		},
		get compressed() {
			return compressed;
		},
		get timers() {
			return timers.size;
		},
		now: () => time,
		setTimer(callback, milliseconds) {
			const timer = { at: time + milliseconds, callback };
			timers.add(timer);
			return () => timers.delete(timer);
		},
		defer: (callback) => deferred.push(callback),
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
		turn,
		advance(milliseconds) {
			const end = time + milliseconds;
			turn();
			for (let next = earliest(timers); next && next.at <= end; ) {
				time = Math.max(time, next.at);
				fire(next);
				turn();
				next = earliest(timers);
			}
			time = Math.max(time, end);
		},
		sleep(milliseconds) {
			time += milliseconds;
		},
		fireLate() {
			for (const timer of [...timers]) if (timer.at <= time) fire(timer);
		},
	};
}

function earliest(timers: Iterable<Timer>): Timer | undefined {
	let first: Timer | undefined;
	for (const timer of timers) if (!first || timer.at < first.at) first = timer;
	return first;
}
