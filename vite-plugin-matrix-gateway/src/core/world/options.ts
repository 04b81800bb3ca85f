/** The options that a world reads. All of its nodes have the same, or they would not agree [ORD2]. */
import type { ResolvedOptions } from "../protocol/options.ts";

const NAMES = [
	...(["requireRegistration", "heartbeatInterval", "maxPayload"] as const),
	...(["maxLogBytes", "resumeWindow", "maxDetachedSessions"] as const),
	...(["maxSessionBytes", "maxRetainedMessages", "maxRetainedBytes"] as const),
];

type Name = (typeof NAMES)[number];

export type WorldOptions = Pick<ResolvedOptions, Name>;

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

/** The first option that differs; undefined where none does. */
export function differingOption(
	one: WorldOptions,
	other: WorldOptions,
): Name | undefined {
	return NAMES.find((name) => one[name] !== other[name]);
}

/** Makes the options of a world, which all of it reads, others. */
export function changeOptions(of: WorldOptions, to: WorldOptions): void {
	for (const name of NAMES) change(of, to, name);
}

function change<Changed extends Name>(
	of: { -readonly [Option in Changed]: WorldOptions[Option] },
	to: WorldOptions,
	name: Changed,
): void {
	of[name] = to[name];
}
