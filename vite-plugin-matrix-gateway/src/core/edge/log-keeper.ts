/** Has the log kept for those who may come back. */
import type { BroadcastLog } from "../world/broadcast-log.ts";
import type { Host } from "./host.ts";

export interface LogKeeper {
	/** Until it is told otherwise. */
	keep(): void;
	/** For so long, and then no more. */
	keepForAWhile(): void;
}

/** @param milliseconds How long a while is. */
export function createLogKeeper(
	host: Host,
	log: () => BroadcastLog,
	milliseconds: number,
): LogKeeper {
	let letGo: (() => void) | undefined;
	let stopTimer: (() => void) | undefined;

	function end(): void {
		stopTimer = undefined;
		letGo?.();
		letGo = undefined;
	}

	return {
		keep() {
			stopTimer?.();
			stopTimer = undefined;
			letGo ??= log().hold();
		},
		keepForAWhile() {
			if (letGo) stopTimer ??= host.setTimer(end, milliseconds);
		},
	};
}
