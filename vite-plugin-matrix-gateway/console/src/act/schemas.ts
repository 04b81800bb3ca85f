/** The documented messages, each loaded when it is chosen. */
import type { Schema } from "./schema.ts";

/** Not what the gateway says itself, nor what it takes from who has a connection of their own; by their paths, since the build has `**` begin in this folder. */
const FILES = import.meta.glob<Schema>(
	[
		"../../../schemas/*.json",
		"!../../../schemas/{matrix-message,auth_refresh,ping,pong}.json",
		"!../../../schemas/gateway_*.json",
		"!../../../schemas/agent_{joined,left,register,registered,subscribe,subscribed,unregister}.json",
	],
	{ import: "default" },
);

const BY_TYPE = new Map(
	Object.entries(FILES).map(([file, load]) => [
		file.replace(/^.*\/|\.json$/g, ""),
		load,
	]),
);

export const TYPES: readonly string[] = [...BY_TYPE.keys()].sort();

export async function loadSchema(type: string): Promise<Schema> {
	return (await BY_TYPE.get(type)?.()) ?? {};
}
