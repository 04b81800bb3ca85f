/** What a connection is sent of what is routed: what it asks for [SUB1], as far as its grant allows that [GRANT1]. */
import type { Interest } from "../protocol/message-types.ts";
import { createMatcher } from "../protocol/patterns.ts";

export interface Filter {
	/** The same for all that let the same pass. */
	readonly name: string;
	/** The types that its grant allows; undefined: all. */
	readonly allowed: readonly string[] | undefined;
	/** What its client asks for; undefined: all of these. */
	readonly interest: Interest | undefined;
	/** Whether a message of a type passes. Where nobody knows the type any more it has none. */
	passes(messageType: string | undefined, from: readonly string[]): boolean;
	/** Whether the grant lets it be sent a type. */
	allows(messageType: string | undefined): boolean;
}

/** Undefined where all passes. */
export function createFilter(
	allowed: readonly string[] | undefined,
	interest: Interest | undefined,
): Filter | undefined {
	const { types, from } = interest ?? {};
	const asks = types !== undefined || from !== undefined;
	if (!allowed && !asks) return undefined;
	const isAllowed = createMatcher(allowed) ?? always;
	const isWanted = createMatcher(types) ?? always;
	const isHeard = createMatcher(from);
	return {
		name: JSON.stringify([allowed ?? null, types ?? null, from ?? null]),
		allowed,
		interest: asks ? interest : undefined,
		passes: (messageType = "", names) =>
			isAllowed(messageType) &&
			isWanted(messageType) &&
			(!isHeard || names.some(isHeard)),
		allows: (messageType = "") => isAllowed(messageType),
	};
}

function always(): boolean {
	return true;
}
