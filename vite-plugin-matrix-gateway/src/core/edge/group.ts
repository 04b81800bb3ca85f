/** Connections that are sent the same of what is broadcast. */
import type { Audience } from "../world/audience.ts";

export interface Group {
	/** What it is sent, and the places of that, for those to which nothing is sent yet. */
	readonly audience: Audience;
}
