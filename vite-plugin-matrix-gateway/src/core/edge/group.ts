/** Connections that are sent the same of what is broadcast. */
import type { Audience } from "../world/audience.ts";
import type { Slice } from "./slice.ts";

export interface Group {
	/** What it is sent, and the places of that, for those to which nothing is sent yet. */
	readonly audience: Audience;
	/** Those of them who receive, in parts that are written together. */
	readonly slices: Slice[];
}

/** A group of nobody. */
export function createGroup<Of extends Audience>(audience: Of) {
	const slices: Slice[] = [];
	return { audience, slices };
}
