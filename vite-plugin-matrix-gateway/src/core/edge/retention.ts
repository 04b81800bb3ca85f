/** What a broadcast says of being retained, itself or by the host's table [RET]. */

import type { Hub } from "../hub.ts";
import {
	agentIdOf,
	badMessage,
	type Envelope,
	type Fields,
	type Refusal,
} from "../protocol/envelope.ts";
import {
	isKey,
	type RetainRule,
	RULE_FORM,
	readRule,
} from "../protocol/retain-table.ts";
import type { RetainedKey } from "../world/retained.ts";
import { type Connection, findAgent } from "./connection.ts";

/** What is to be done with a message besides routing it. */
export interface Retention {
	readonly entry: RetainedKey;
	/** `deny`: it asks to be kept, but comes from nobody; it is routed all the same [RET3]. */
	readonly action: "set" | "append" | "clear" | "clear-all" | "deny";
}

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
	const rule = readRule(explicit);
	if (!rule) return badMessage(`\`retain\` is ${RULE_FORM}`);
	if (sender.agents.length === 0) return DENIED;
	const message = envelope.message();
	return toRetention(rule, keyOf(rule), sender, message) ?? NO_OWNER;
}

/** Does it with a message that was routed, or says why not [RET3, RET4]. */
export function retain(
	{ retained }: Hub,
	{ entry, action }: Retention,
	frame: Uint8Array,
): Refusal | undefined {
	if (action === "deny") return FROM_NOBODY;
	if (action === "clear") retained.clear(entry);
	else if (action === "clear-all") retained.clearAll(entry);
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

const NO_OWNER = badMessage(
	"this connection has several agents: `agentId` says whose the retained message is",
);

/** A message that lacks what the table's key asks for is routed like any other. */
function byTable(
	rule: RetainRule | undefined,
	sender: Connection,
	envelope: Envelope,
): Retention | undefined {
	if (!rule || sender.agents.length === 0) return undefined;
	const message = envelope.message();
	const key = fill(keyOf(rule), message);
	return isKey(key) ? toRetention(rule, key, sender, message) : undefined;
}

function keyOf(rule: RetainRule): string {
	return rule.key ?? rule.clear;
}

/** @param key That of the rule, with the message's fields put in. */
function toRetention(
	rule: RetainRule,
	key: string,
	sender: Connection,
	message: Fields,
): Retention | undefined {
	const world = rule.scope !== "agent";
	const agentId = world ? undefined : ownerOf(sender, message);
	if (!world && agentId === undefined) return undefined;
	return { entry: { key, agentId }, action: actionOf(rule) };
}

/** By the rule's own slash: that of a field's value would clear what others keep under it. */
function actionOf(rule: RetainRule): Retention["action"] {
	if (rule.key !== undefined) return rule.append ? "append" : "set";
	return rule.clear.endsWith("/") ? "clear-all" : "clear";
}

/** The agent that a message names, if it is the sender's; else the sender's only one [RET3]. */
function ownerOf(sender: Connection, message: Fields): string | undefined {
	const { agents } = sender;
	const named = agentIdOf(message);
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
