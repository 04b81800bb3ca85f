/** The fields of a grant, by the names that a file, a JWT and a host's own function have for them [AUTH1]. */
import type { Grant } from "../../core/protocol/grant.ts";
import { isAgentId, isRole } from "../../core/protocol/names.ts";
import { isWorldName, WORLD_FORM } from "../../core/protocol/world-name.ts";
import { ofNames, type ProblemOf } from "./grant-lists.ts";

/** What a field has to be. */
export interface GrantField {
	/** Completes the sentence "… has to be". */
	readonly expected: string;
	isRight(value: unknown): boolean;
	/** Of a list: why one of its texts can never match. */
	readonly problemOf?: ProblemOf;
}

/** Those that say what a token allows. */
type Right = Exclude<keyof Grant, "name" | "key" | "expires">;

const SWITCH: GrantField = {
	expected: "true or false",
	isRight: (value) => typeof value === "boolean",
};

const TEXT: GrantField = {
	expected: "a text",
	isRight: (value) => typeof value === "string",
};

export const RIGHTS: Readonly<Record<Right, GrantField>> = {
	agents: listOf(ofNames(isAgentId, "no agent can be called so")),
	roles: listOf(ofNames(isRole, "no role can be called so")),
	worlds: listOf(ofNames(isWorldName, `a world's name is ${WORLD_FORM}`, "0")),
	publish: listOf(ofNames(() => true, "")),
	subscribe: listOf(ofNames(() => true, "")),
	retain: SWITCH,
	operate: SWITCH,
	metrics: SWITCH,
	overhear: SWITCH,
};

/** Of who is meant: it stands in logs. */
export const NAME: GrantField = {
	expected: "a text of 1-128 UTF-8 bytes without control characters",
	isRight: isAgentId,
};

/** Those of a grant that a host's own function makes. */
export const GRANT_FIELDS: Readonly<Record<keyof Grant, GrantField>> = {
	name: TEXT,
	key: TEXT,
	...RIGHTS,
	expires: {
		expected: "a number of milliseconds since 1970",
		isRight: Number.isFinite,
	},
};

/** The name of the first field that is there and is not what it has to be. */
export function findWrong<Name extends string>(
	values: Readonly<Record<string, unknown>>,
	fields: Readonly<Record<Name, GrantField>>,
): Name | undefined {
	return (Object.keys(fields) as Name[]).find(
		(name) => values[name] !== undefined && !fields[name].isRight(values[name]),
	);
}

/** Whether a grant has come to its end. */
export function isExpired({ expires }: Grant, now = Date.now()): boolean {
	return expires !== undefined && expires <= now;
}

/** A string for a list would let in every part of it. */
function listOf(problemOf: ProblemOf): GrantField {
	return {
		expected: "a list of texts",
		isRight: (value) => Array.isArray(value) && value.every(isFilledText),
		problemOf,
	};
}

function isFilledText(value: unknown): boolean {
	return typeof value === "string" && value !== "";
}
