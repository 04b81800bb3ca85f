/** What a broadcast asks to be retained, itself or by the host's table [RET]. */
import { agentIdOf, type Envelope, type Fields } from "../protocol/envelope.ts";
import { badMessage, type Refusal } from "../protocol/refusal.ts";
import {
	isKey,
	type RetainRule,
	RULE_FORM,
	readRule,
} from "../protocol/retain-table.ts";
import type { RetainRequest } from "../world/command.ts";

/**
 * Reads a message's own `retain`, or looks its type up in the table. Undefined where nothing is
 * to be retained; a refusal where it asks for what cannot be.
 */
export function readRetention(
	table: ReadonlyMap<string, RetainRule>,
	envelope: Envelope,
): RetainRequest | Refusal | undefined {
	const explicit = envelope.retain ?? undefined;
	if (explicit === undefined)
		return byTable(table.get(envelope.type), envelope);
	const rule = readRule(explicit);
	if (!rule) return badMessage(`\`retain\` is ${RULE_FORM}`);
	return toRequest(rule, keyOf(rule), envelope.message(), true);
}

/** A message that lacks what the table's key asks for is routed like any other. */
function byTable(
	rule: RetainRule | undefined,
	envelope: Envelope,
): RetainRequest | undefined {
	if (!rule) return undefined;
	const message = envelope.message();
	const key = fill(keyOf(rule), message);
	return isKey(key) ? toRequest(rule, key, message, false) : undefined;
}

function keyOf(rule: RetainRule): string {
	return rule.key ?? rule.clear;
}

/** @param key That of the rule, with the message's fields put in. */
function toRequest(
	rule: RetainRule,
	key: string,
	message: Fields,
	isExplicit: boolean,
): RetainRequest {
	const { scope = "world" } = rule;
	const agentId = agentIdOf(message);
	const named = typeof agentId === "string" ? agentId : undefined;
	return { action: actionOf(rule), key, scope, named, isExplicit };
}

/** By the rule's own slash: that of a field's value would clear what others keep under it. */
function actionOf(rule: RetainRule): RetainRequest["action"] {
	if (rule.key !== undefined) return rule.append ? "append" : "set";
	return rule.clear.endsWith("/") ? "clear-all" : "clear";
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
