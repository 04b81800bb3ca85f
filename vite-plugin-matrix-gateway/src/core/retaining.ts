/** What a broadcast says of being retained, itself or by the host's table [RET]. */
import { type Connection, findAgent } from "./connection.ts";
import {
	badMessage,
	type Envelope,
	type Fields,
	type Refusal,
} from "./envelope.ts";
import type { Hub } from "./hub.ts";
import { isText } from "./names.ts";
import type { RetainRule } from "./retain-table.ts";
import type { RetainedKey } from "./retained.ts";

/** What is to be done with a message besides routing it. */
export interface Retention {
	readonly entry: RetainedKey;
	/** `deny`: it asks to be kept, but comes from nobody; it is routed all the same [RET3]. */
	readonly action: "set" | "append" | "clear" | "deny";
}

/** Characters of the longest key. */
export const MAX_KEY_LENGTH = 256;

/**
 * Reads a message's own `retain`, or looks its type up in the table. Undefined where nothing is
 * to be retained; a refusal where it asks for what cannot be.
 */
export function readRetention(
	table: ReadonlyMap<string, RetainRule>,
	sender: Connection,
	envelope: Envelope,
): Retention | Refusal | undefined {
	const explicit = envelope.retain ?? undefined;
	if (explicit === undefined)
		return byTable(table.get(envelope.type), sender, envelope);
	const rule = toRule(explicit);
	if (!rule) return badMessage(RETAIN_RULE);
	if (sender.agents.length === 0) return DENIED;
	return toRetention(rule, sender, envelope.message()) ?? NO_OWNER;
}

/** Does it with a message that was routed, or says why not [RET3, RET4]. */
export function retain(
	{ retained }: Hub,
	{ entry, action }: Retention,
	frame: Uint8Array,
): Refusal | undefined {
	if (action === "deny") return FROM_NOBODY;
	if (action === "clear") retained.clear(entry);
	else if (!retained.keep(entry, frame, action === "append")) return FULL;
	return undefined;
}

const DENIED: Retention = {
	entry: { key: "", agentId: undefined },
	action: "deny",
};

const FROM_NOBODY: Refusal = {
	code: "forbidden",
	message: "routed, not retained: only agents have messages retained",
};

const FULL: Refusal = {
	code: "retain_full",
	message: "routed, not retained: there is no room, and the key is dropped",
};

const RETAIN_RULE = `\`retain\` is {"key": …, "scope"?: "world" | "agent", "append"?: boolean} or {"clear": …, "scope"?: …}, with a key of 1-${MAX_KEY_LENGTH} characters`;

const NO_OWNER = badMessage(
	"this connection has several agents: `agentId` says whose the retained message is",
);

function toRule(value: unknown): RetainRule | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const { key, clear, scope = "world", append = false } = value as Fields;
	const name = key ?? clear;
	if (!isKey(name) || (key === undefined) === (clear === undefined))
		return undefined;
	if (scope !== "world" && scope !== "agent") return undefined;
	if (typeof append !== "boolean") return undefined;
	return clear === undefined
		? { key: name, scope, append }
		: { clear: name, scope };
}

/** A message that lacks what the table's key asks for is routed like any other. */
function byTable(
	rule: RetainRule | undefined,
	sender: Connection,
	envelope: Envelope,
): Retention | undefined {
	if (!rule || sender.agents.length === 0) return undefined;
	const message = envelope.message();
	const key = fill(rule.key ?? rule.clear, message);
	if (!isKey(key)) return undefined;
	const filled =
		rule.key === undefined ? { ...rule, clear: key } : { ...rule, key };
	return toRetention(filled, sender, message);
}

function toRetention(
	rule: RetainRule,
	sender: Connection,
	message: Fields,
): Retention | undefined {
	const world = rule.scope !== "agent";
	const agentId = world ? undefined : ownerOf(sender, message);
	if (!world && agentId === undefined) return undefined;
	return rule.key === undefined
		? { entry: { key: rule.clear, agentId }, action: "clear" }
		: {
				entry: { key: rule.key, agentId },
				action: rule.append ? "append" : "set",
			};
}

/** The agent that a message names, if it is the sender's; else the sender's only one [RET3]. */
function ownerOf(sender: Connection, message: Fields): string | undefined {
	const { agents } = sender;
	const named = message.agentId ?? message.agent_id;
	if (typeof named === "string" && findAgent(sender, named)) return named;
	return agents.length === 1 ? agents[0]?.agentId : undefined;
}

/** Puts a message's own fields into a table's key: `scene/{id}`. */
function fill(template: string, message: Fields): string | undefined {
	let missing = false;
	const key = template.replace(/\{([^{}]+)\}/g, (_, field: string) => {
		const value = message[field];
		if (typeof value === "number" || (typeof value === "string" && value))
			return String(value);
		missing = true;
		return "";
	});
	return missing ? undefined : key;
}

function isKey(value: unknown): value is string {
	return isText(value, MAX_KEY_LENGTH);
}
