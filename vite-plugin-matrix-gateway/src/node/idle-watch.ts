import type { AgentStatus } from "../core/edge/status.ts";
import type { Gateway } from "../core/gateway.ts";

/** Waits until nobody has been in a world for a while. */
export interface IdleWatch {
	/** Somebody went. */
	stir(): void;
	stop(): void;
}

/**
 * Calls back once, when for so many milliseconds a gateway had no connection, and no agent that waits
 * for its client. It does not keep the process alive.
 */
export function watchIdle(
	gateway: Gateway,
	milliseconds: number,
	callback: () => void,
): IdleWatch {
	let isOver = false;
	const timer = setTimeout(look, milliseconds).unref();

	function look(): void {
		if (!isEmpty(gateway)) timer.refresh();
		else if (!isOver) callback();
	}

	return {
		stir() {
			// A timer that was cleared would begin anew.
			if (!isOver) timer.refresh();
		},
		stop() {
			isOver = true;
			clearTimeout(timer);
		},
	};
}

function isEmpty(gateway: Gateway): boolean {
	const { connections, agents, node: own } = gateway.status();
	// Of a world that is shared, others look after their own.
	const isOthers = ({ node }: AgentStatus) => node !== own;
	return connections === 0 && agents.every(isOthers);
}
