/** What happened at one moment, whatever it was read from. */

import type { Kept } from "../../../src/node/console/wire.ts";
import { readLine } from "../../../src/recording/line.ts";

export interface AgentThen {
	readonly agentId: string;
	readonly role: string;
}

export type Moment = {
	/** Milliseconds since 1970; undefined where nobody has kept the time. */
	readonly at: number | undefined;
} & (
	| {
			/** Who is there, as what was read begins or goes on; what is retained is here or follows. */
			readonly what: "here";
			readonly agents: readonly AgentThen[];
			readonly retained?: readonly Kept[];
	  }
	| {
			readonly what: "message" | "retained";
			readonly from?: string | undefined;
			readonly to?: string | undefined;
			readonly text: string;
	  }
	| ({ readonly what: "joined" } & AgentThen)
	| ({ readonly what: "left"; readonly reason: string } & AgentThen)
	| { readonly what: "missed"; readonly reason: string }
);

/** A line of a recording, or of what the gateway has of the past; undefined for one that is none. */
export function readMoment(text: string): Moment | undefined {
	const line = readLine(text);
	if (typeof line === "string") return undefined;
	const at = Date.parse(line.at);
	// What else may stand there was looked at by nobody.
	return line.what === "here"
		? { at, what: "here", agents: line.agents }
		: { ...line, at };
}

/** What a frame of the world says of who came and who left; else that it was said. */
export function momentOf(
	text: string,
	at: number | undefined,
	names: {
		readonly from?: string | undefined;
		readonly to?: string | undefined;
	},
): Moment {
	const presence = presenceIn(text);
	return presence
		? { at, ...presence }
		: { at, what: "message", text, ...names };
}

function presenceIn(text: string) {
	if (!text.includes('"agent_joined"') && !text.includes('"agent_left"'))
		return undefined;
	const { type, agentId, role, reason } = JSON.parse(text);
	if (type === "agent_joined")
		return { what: "joined", agentId, role } as const;
	if (type === "agent_left")
		return { what: "left", agentId, role, reason } as const;
	return undefined;
}
