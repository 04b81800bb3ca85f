/** The world's time: it passes by what the first of its nodes says, and while somebody waits [ORD6]. */
import type { NodeId, Tick } from "../world/command.ts";
import { MAX_TICK } from "../world/detach.ts";
import type { WorldState } from "../world/state.ts";
import type { Host } from "./host.ts";

export interface Ticker {
	/** Tells how much time has passed, so that what is appended next has its own time. */
	sync(): void;
	/** Goes on telling, while a session waits for its client. */
	watch(): void;
	stop(): void;
}

/** What a ticker needs. */
export interface TickerParts {
	readonly host: Host;
	readonly node: NodeId;
	readonly world: () => WorldState;
	append(tick: Tick): void;
}

/** Its timer runs only while a session waits. */
export function createTicker(parts: TickerParts): Ticker {
	const { host, node, append } = parts;
	let last = host.now();
	let stopTimer: (() => void) | undefined;

	function sync(): void {
		const now = host.now();
		const ms = now - last;
		last = now;
		if (ms > 0 && isNeeded()) append({ type: "tick", ms });
	}

	function isNeeded(): boolean {
		const { members, sessions } = parts.world();
		return members.isClock(node) && sessions.firstDue !== undefined;
	}

	function tick(): void {
		stopTimer = undefined;
		sync();
		watch();
	}

	function watch(): void {
		if (stopTimer || !isNeeded()) return;
		// What passed before anybody waited ends nobody's session.
		last = host.now();
		const { sessions, time } = parts.world();
		const rest = (sessions.firstDue ?? time) - time;
		// A time that has not passed is no tick, and a window may be none at all.
		const wait = Math.min(MAX_TICK, Math.max(1, rest));
		stopTimer = host.setTimer(tick, wait);
	}

	return {
		sync,
		watch,
		stop() {
			stopTimer?.();
			stopTimer = undefined;
		},
	};
}
