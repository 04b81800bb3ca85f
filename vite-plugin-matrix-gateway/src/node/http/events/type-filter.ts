/** Which messages a stream has [HTTP9]. */
import { isOnList } from "../../../core/protocol/names.ts";
import { isReserved } from "../../../core/protocol/protocol.ts";

/** Types, each of which may end in a `*`. */
export type Types = readonly string[];

const MOST_TYPES = 100;

/** What `?types=` asks for: all where it is absent, undefined where it cannot be. */
export function parseTypes(
	text: string | null,
): { types: Types | undefined } | undefined {
	if (text === null) return { types: undefined };
	const types = text.split(",").map((type) => type.trim());
	if (types.length > MOST_TYPES || types.includes("")) return undefined;
	return { types };
}

/**
 * @param types What the client wants; it has what the gateway says of its own stream in any case.
 * @param subscribe What its grant allows of what is routed.
 */
export function passes(
	type: string,
	types: Types | undefined,
	subscribe: Types | undefined,
): boolean {
	if (type.startsWith("gateway_")) return true;
	return (
		isOnList(types, type) && (isReserved(type) || isOnList(subscribe, type))
	);
}
