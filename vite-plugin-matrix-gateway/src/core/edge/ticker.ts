/** The world's time: it passes by what the first of its nodes says [ORD6]. */
import type { NodeId, NodeReport, Tick } from "../world/command.ts";
import { MAX_TICK } from "../world/detach.ts";
import type { WorldState } from "../world/state.ts";
import { type Host, wallTime } from "./host.ts";

export interface Ticker {
	/** Tells how much time has passed, so that what is appended next has its own time. */
	sync(): void;
	/** Goes on telling, while a session waits for its client. */
	watch(): void;
	/**
	 * Tells all the time from here on, and with it how the node is, as a node has to that others may
	 * miss [ORD14].
	 */
	report(read: () => NodeReport): void;
	/** Tells it now, where it would later [ORD17]. */
	speak(): void;
	/** What it has told so is applied. */
	ticked(): void;
	stop(): void;
}

/** What a ticker needs. */
export interface TickerParts {
	readonly host: Host;
	readonly node: NodeId;
	readonly world: () => WorldState;
	append(tick: Tick): void;
}

/** Its timer runs only while a session waits, or others may miss it. */
export function createTicker(parts: TickerParts): Ticker {
	const { host, node, append } = parts;
	let last = host.now();
	let stopTimer: (() => void) | undefined;
	let readReport: (() => NodeReport) | undefined;
	let isOnItsWay = false;

	function take(): number {
		const now = host.now();
		const ms = now - last;
		last = now;
		return ms;
	}

	function sync(): void {
		if (!isNeeded()) return;
		const ms = take();
		if (ms > 0) append({ type: "tick", ms, at: wallTime(host) });
	}

	function isNeeded(): boolean {
		const { members, sessions } = parts.world();
		return members.isClock(node) && sessions.firstDue() !== undefined;
	}

	function tick(): void {
		stopTimer = undefined;
		sync();
		watch();
	}

	function watch(): void {
		if (readReport || stopTimer || !isNeeded()) return;
		// What passed before anybody waited ends nobody's session.
		last = host.now();
		const { sessions, time } = parts.world();
		const rest = (sessions.firstDue() ?? time) - time;
		// A time that has not passed is no tick, and a window may be none at all.
		const wait = Math.min(MAX_TICK, Math.max(1, rest));
		stopTimer = host.setTimer(tick, wait);
	}

	function beat(): void {
		stopTimer = host.setTimer(beat, MAX_TICK);
		speak();
	}

	/** One at a time: while the order does not answer, nothing piles up, and nobody's time passes. */
	function speak(): void {
		if (isOnItsWay || !readReport) return;
		isOnItsWay = true;
		const at = wallTime(host);
		append({ type: "tick", ms: take(), at, report: readReport() });
	}

	return {
		sync,
		watch,
		report(read) {
			readReport = read;
			beat();
		},
		speak,
		ticked() {
			isOnItsWay = false;
		},
		stop() {
			stopTimer?.();
			stopTimer = undefined;
		},
	};
}
