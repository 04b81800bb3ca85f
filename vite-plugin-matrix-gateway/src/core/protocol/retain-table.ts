/** Which plain messages a gateway retains, so that today's senders need no change [RET5]. */
import { isText } from "./names.ts";

/** What is done with a message of one type. `{field}` in a key is that field of the message. */
export type RetainRule =
	| {
			/** Keeps the message under this key, in place of what was there. */
			readonly key: string;
			/**
			 * Whose it is: it goes when its agent leaves, or stays with the world.
			 * @default "world"
			 */
			readonly scope?: "world" | "agent";
			/**
			 * Keeps what was there as well.
			 * @default false
			 */
			readonly append?: boolean;
			readonly clear?: undefined;
	  }
	| {
			/**
			 * Removes this key; or where it ends in a slash, as it stands here, all that begin with it.
			 */
			readonly clear: string;
			/**
			 * Whose key it is, as above.
			 * @default "world"
			 */
			readonly scope?: "world" | "agent";
			readonly append?: undefined;
			readonly key?: undefined;
	  };

/** Rules by message type. */
export type RetainTable = Readonly<Record<string, RetainRule>>;

/**
 * The rules for the Matrix's own messages. `scene_remove` is kept, not cleared: the object may
 * have come in a `scene_batch`, which a newcomer gets as well.
 */
export const MATRIX_RETAIN_TABLE: RetainTable = {
	scene_add: { key: "scene/{id}" },
	scene_update: { key: "scene/{id}", append: true },
	scene_remove: { key: "scene/{id}" },
	scene_batch: { key: "scene/", append: true },
	scene_clear: { clear: "scene/" },
	zone_add: { key: "zone/{id}" },
	zone_remove: { clear: "zone/{id}" },
	world_register: { key: "world/{id}" },
	world_load: { key: "world-loaded" },
	world_unregister: { clear: "world/{id}" },
	agent_state: { key: "state", scope: "agent" },
	agent_move: { key: "move", scope: "agent" },
};

/** The tables that a host can switch on by name. */
export const RETAIN_TABLES = { matrix: MATRIX_RETAIN_TABLE } as const;

/** Characters of the longest key [RET1]. */
const MAX_KEY_LENGTH = 256;

/** What a rule looks like, for who gave another. */
export const RULE_FORM = `{"key": …, "scope"?: "world" | "agent", "append"?: boolean} or {"clear": …, "scope"?: …}, with a key of 1-${MAX_KEY_LENGTH} characters`;

/** Whether a value can be a key. */
export function isKey(value: unknown): value is string {
	return isText(value, MAX_KEY_LENGTH);
}

/** Reads a rule, a host's or a message's own; undefined for what it cannot be. */
export function readRule(value: unknown): RetainRule | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const {
		key,
		clear,
		scope = "world",
		append = false,
	} = value as Readonly<Record<string, unknown>>;
	if (scope !== "world" && scope !== "agent") return undefined;
	if (typeof append !== "boolean") return undefined;
	if (isKey(key) && clear === undefined) return { key, scope, append };
	if (isKey(clear) && key === undefined) return { clear, scope };
	return undefined;
}

/**
 * The rules of a table, or of one that is called by its name.
 * @throws RangeError for what is neither, or a rule that is none.
 */
export function resolveTable(
	table: RetainTable | keyof typeof RETAIN_TABLES,
): ReadonlyMap<string, RetainRule> {
	const rules = typeof table === "string" ? findTable(table) : table;
	if (typeof rules !== "object" || rules === null)
		throw new RangeError(
			`retain is a table, or one of ${Object.keys(RETAIN_TABLES).join(", ")}`,
		);
	return new Map(
		Object.entries(rules).map(([type, value]) => [type, toRule(type, value)]),
	);
}

/** A name may be that of a property that every object has. */
function findTable(name: keyof typeof RETAIN_TABLES): RetainTable | undefined {
	return Object.hasOwn(RETAIN_TABLES, name) ? RETAIN_TABLES[name] : undefined;
}

function toRule(type: string, value: unknown): RetainRule {
	const rule = readRule(value);
	if (rule) return rule;
	throw new RangeError(`retain: the rule for "${type}" is ${RULE_FORM}`);
}
