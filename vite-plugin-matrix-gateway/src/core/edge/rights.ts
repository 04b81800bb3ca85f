/**
 * What a connection may have routed [AUTH1, RT8, RET3]. Its grant and the host's options are judged
 * here; what depends on who is registered is carried to where the message has its place [ORD3].
 */
import type { Envelope } from "../protocol/envelope.ts";
import type { Grant } from "../protocol/grant.ts";
import { isOnList } from "../protocol/names.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import { isVisual } from "../protocol/protocol.ts";
import type { Refusal } from "../protocol/refusal.ts";

/** The options that say what may be routed. */
export type RightsOptions = Pick<
	ResolvedOptions,
	"mirrorVisual" | "retain" | "speakAs" | "viewers"
>;

/** Why a grant does not allow a message, whoever is registered; undefined where it does. */
export function refusalByGrant(
	grant: Grant,
	envelope: Envelope,
	options: RightsOptions,
): Refusal | undefined {
	if (!isOnList(grant.publish, envelope.type)) return NOT_THIS_TYPE;
	if (grant.retain === false && isKept(envelope, options)) return NOT_KEPT;
	if (!looksAtNames(grant, options)) return undefined;
	const mayName = (name: unknown) =>
		typeof name === "string" && isOnList(grant.agents, name);
	return namesIn(envelope).every(mayName) ? undefined : NOT_THIS_AGENT;
}

/** Whether only an agent may have a message routed, and no viewer. */
export function needsAgent(
	envelope: Envelope,
	options: RightsOptions,
): boolean {
	return isKept(envelope, options) || !isOnList(options.viewers, envelope.type);
}

/** The agents that a message names, where each has to be its sender's [RT8]. Its grant was judged before. */
export function speaksFor(
	envelope: Envelope,
	{ speakAs }: RightsOptions,
): readonly string[] | undefined {
	if (speakAs === "any") return undefined;
	const names = namesIn(envelope);
	return names.length > 0 ? (names as string[]) : undefined;
}

/**
 * Whether a message keeps or clears something for newcomers, itself or by its type. So does one
 * that browsers are sent a copy of: for them it is as good as a broadcast [RT2].
 */
function isKept(
	{ type, target, retain }: Envelope,
	options: RightsOptions,
): boolean {
	if (target === undefined && retain !== undefined && retain !== null)
		return true;
	const isForAll =
		target === undefined || (options.mirrorVisual && isVisual(type));
	return isForAll && options.retain.has(type);
}

function looksAtNames({ agents }: Grant, { speakAs }: RightsOptions): boolean {
	return agents !== undefined || speakAs === "registered";
}

/** Whom it names, in either spelling, so that neither hides the other; null is as good as absent. */
function namesIn(envelope: Envelope): unknown[] {
	const { agentId, agent_id } = envelope.message();
	return [agentId, agent_id].filter(
		(name) => name !== undefined && name !== null,
	);
}

const NOT_THIS_TYPE: Refusal = {
	code: "forbidden",
	message: "the token does not allow this type",
};

const NOT_KEPT: Refusal = {
	code: "forbidden",
	message:
		"not routed: it would be retained or clear what is, which the token does not allow",
};

const NOT_THIS_AGENT: Refusal = {
	code: "forbidden",
	message: "the token does not allow this agentId",
};
