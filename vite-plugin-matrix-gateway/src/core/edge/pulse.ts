/**
 * Whether the process is awake: busy with one thing, or asleep, it can neither read nor write, and
 * nobody is to be judged by such a time [HB5].
 */
import type { Host } from "./host.ts";

/** Milliseconds between two beats. */
const BEAT = 100;

/** A beat so late was held up by a stall; on a busy machine each is a little late. */
const STALL = 100;

/** Beats only while somebody asks. */
export interface Pulse {
	/** Milliseconds of a clock that stands still in stalls. */
	now(): number;
	/** How many stalls there have been, the one included that has not ended. */
	readonly stalls: number;
	start(): void;
	stop(): void;
}

export function createPulse(host: Host): Pulse {
	let due = 0;
	let lost = 0;
	let stalls = 0;
	let stopTimer: (() => void) | undefined;

	function look(): void {
		const late = host.now() - due;
		if (!stopTimer || late < STALL) return;
		lost += late;
		stalls++;
		due += late;
	}

	function beat(): void {
		look();
		due = host.now() + BEAT;
		stopTimer = host.setTimer(beat, BEAT);
	}

	return {
		now() {
			look();
			return host.now() - lost;
		},
		get stalls() {
			look();
			return stalls;
		},
		start() {
			if (!stopTimer) beat();
		},
		stop() {
			stopTimer?.();
			stopTimer = undefined;
		},
	};
}
