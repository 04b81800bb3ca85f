/** What a client asks to be sent of what is routed [SUB1]. */
import type { Interest } from "./message-types.ts";
import { isText } from "./names.ts";
import { badMessage, type Refusal } from "./refusal.ts";

/** Texts that each of the two lists may have. */
export const MAX_PATTERNS = 100;

/** Characters of the longest of them. */
export const MAX_PATTERN_LENGTH = 128;

/** Reads a `subscribe`: without a list where it asks for everything, the same for all that ask for the same. */
export function readInterest(value: unknown): Interest | Refusal {
	if (value === null) return {};
	if (typeof value !== "object" || Array.isArray(value)) return RULE;
	const fields = value as Readonly<Record<keyof Interest, unknown>>;
	const types = readPatterns(fields.types);
	const from = readPatterns(fields.from);
	if (types === "bad" || from === "bad") return RULE;
	return { ...(types && { types }), ...(from && { from }) };
}

function readPatterns(value: unknown): readonly string[] | undefined | "bad" {
	if (value === undefined || value === null) return undefined;
	if (!Array.isArray(value) || value.length > MAX_PATTERNS) return "bad";
	if (!value.every((text) => isText(text, MAX_PATTERN_LENGTH))) return "bad";
	return [...new Set<string>(value)].sort();
}

const RULE: Refusal = badMessage(
	`\`subscribe\` is null, or {"types": […], "from": […]}, each absent or a list of at most ${MAX_PATTERNS} texts of 1-${MAX_PATTERN_LENGTH} characters`,
);
