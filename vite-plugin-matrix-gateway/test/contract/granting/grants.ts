/** A row for each field of a grant: which actions it does not allow. All others it does. */
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { Outcome } from "./scene.ts";

export interface GrantRow {
	readonly name: string;
	readonly grant: Grant;
	/** By an action's name; `done` where it is not here. */
	readonly outcomes: Readonly<Record<string, Outcome>>;
}

/** All that is done in another's name. */
const AS_ANOTHER: readonly string[] = [
	...["speak", "speak to one", "retain something", "clear something", "post"],
]
	.flatMap(asAnother)
	.concat("post to one as another");

export const GRANT_ROWS: readonly GrantRow[] = [
	{ name: "nothing", grant: {}, outcomes: {} },
	{ name: "operate", grant: { operate: true }, outcomes: {} },
	{
		name: "agents",
		grant: { agents: ["mallory*"] },
		outcomes: forbidden(
			"register another name",
			"take over an agent",
			"take over an agent that waits",
			"resume another's session",
			...AS_ANOTHER,
		),
	},
	{
		name: "roles",
		grant: { roles: ["agent"] },
		outcomes: forbidden(
			"register in another role",
			"take over an agent",
			"take over an agent that waits",
			"resume another's session",
		),
	},
	{
		name: "worlds",
		grant: { worlds: ["garden"] },
		outcomes: forbidden(
			"enter another world",
			"read the status of another world",
			"post to another world",
			"read the events of another world",
		),
	},
	{
		name: "publish",
		grant: { publish: ["bar*"] },
		outcomes: forbidden(
			"broadcast a wave",
			"direct a wave",
			"post a wave",
			"send what the host's table keeps",
			"send what the host's table clears with",
		),
	},
	{
		name: "publish, which is empty",
		grant: { publish: [] },
		outcomes: forbidden(
			...AS_ANOTHER,
			"post to another world",
			"post a bark",
			"post a wave",
			"speak as itself",
			"broadcast a bark",
			"broadcast a wave",
			"direct a bark",
			"direct a wave",
			"retain a bark",
			"retain one more",
			"clear a key",
			"clear all keys below",
			"send what the host's table keeps",
			"send what the host's table clears with",
		),
	},
	{
		name: "subscribe",
		grant: { subscribe: ["bar*"] },
		outcomes: {
			"receive a broadcast wave": "hidden",
			"receive a retained wave": "hidden",
			"receive a directed wave": "hidden",
			"ask for waves, and receive one": "hidden",
			"read a wave of the events": "hidden",
		},
	},
	{
		name: "subscribe, which is empty",
		grant: { subscribe: [] },
		outcomes: {
			"receive a broadcast bark": "hidden",
			"receive a broadcast wave": "hidden",
			"receive a retained bark": "hidden",
			"receive a retained wave": "hidden",
			"receive a directed bark": "hidden",
			"receive a directed wave": "hidden",
			"ask for barks, and receive one": "hidden",
			"ask for waves, and receive one": "hidden",
			"read a bark of the events": "hidden",
			"read a wave of the events": "hidden",
		},
	},
	{
		name: "retain",
		grant: { retain: false },
		outcomes: forbidden(
			...asAnother("retain something"),
			...asAnother("clear something"),
			"retain a bark",
			"retain one more",
			"clear a key",
			"clear all keys below",
			"send what the host's table keeps",
			"send what the host's table clears with",
		),
	},
];

function forbidden(...actions: readonly string[]): Record<string, Outcome> {
	return Object.fromEntries(actions.map((action) => [action, "forbidden"]));
}

/** In both spellings. */
function asAnother(what: string): string[] {
	return ["agentId", "agent_id"].map((key) => `${what} as another, by ${key}`);
}
