import type { WorldOptions } from "../../core/world/state.ts";

/** The options that a world reads: no others, such as secrets of a host that gave all of its own. */
export function worldOptionsOf(options: WorldOptions): WorldOptions {
	const { requireRegistration, heartbeatInterval, maxPayload } = options;
	const { maxLogBytes, resumeWindow, maxDetachedSessions } = options;
	const { maxSessionBytes, maxRetainedMessages, maxRetainedBytes } = options;
	return {
		...{ requireRegistration, heartbeatInterval, maxPayload },
		...{ maxLogBytes, resumeWindow, maxDetachedSessions },
		...{ maxSessionBytes, maxRetainedMessages, maxRetainedBytes },
	};
}
