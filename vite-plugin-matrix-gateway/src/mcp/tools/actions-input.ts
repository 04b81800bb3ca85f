/** The input of `act`, each action of which is judged by the schema of its type. */
import {
	fromJsonSchema,
	type JsonSchemaType,
	type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import { IN_BATCH } from "../agent/scene-batch.ts";
import { ACTIONS } from "./actions.ts";

export interface Action {
	readonly type: string;
	readonly [field: string]: unknown;
}

interface Input {
	readonly actions: readonly Action[];
}

const SHOWN = listOf({ oneOf: Object.values(ACTIONS) });

/** Without the actions' own schemas: what says which of them is meant is their `type`. */
const OUTER = fromJsonSchema<Input>(listOf({ type: "object" }));

function listOf(items: JsonSchemaType): JsonSchemaType {
	return {
		type: "object",
		properties: {
			actions: { type: "array", minItems: 1, maxItems: 20, items },
		},
		required: ["actions"],
		additionalProperties: false,
	};
}

const BY_TYPE = new Map(
	Object.entries(ACTIONS).map(([type, schema]) => [
		type,
		fromJsonSchema<Action>(schema),
	]),
);

const TYPES: ReadonlySet<string> = new Set(BY_TYPE.keys());

/**
 * As the whole schema would judge, but in words of the one action that is wrong: of a `oneOf` a validator
 * says what is wrong with each.
 */
export const ACTIONS_INPUT: StandardSchemaWithJSON<Input, Input> = {
	"~standard": {
		version: 1,
		vendor: "matrix-gateway",
		jsonSchema: { input: () => ({ ...SHOWN }), output: () => ({ ...SHOWN }) },
		async validate(value) {
			const outer = await OUTER["~standard"].validate(value);
			if (outer.issues) return outer;
			const wrong = await firstWrong(outer.value.actions, "action");
			return wrong === undefined ? outer : { issues: [{ message: wrong }] };
		},
	},
};

async function firstWrong(
	actions: readonly Action[],
	what: string,
	allowed: ReadonlySet<string> = TYPES,
): Promise<string | undefined> {
	for (const [index, action] of actions.entries()) {
		const wrong = await judge(action, allowed);
		if (wrong !== undefined) return `${what} ${index + 1}: ${wrong}`;
	}
	return undefined;
}

async function judge(
	action: Action,
	allowed: ReadonlySet<string>,
): Promise<string | undefined> {
	const { type } = action;
	const schema = allowed.has(type) ? BY_TYPE.get(type) : undefined;
	if (!schema) return `its type is one of ${[...allowed].join(", ")}`;
	const stranger = Object.keys(action).find((name) => !hasField(type, name));
	if (stranger !== undefined)
		return `${type} has no field "${stranger.slice(0, 64)}"`;
	const { issues } = await schema["~standard"].validate(action);
	if (issues) return `${type}: ${issues[0]?.message}`;
	if (type !== "scene_batch") return undefined;
	return firstWrong(action.messages as Action[], "message", IN_BATCH);
}

function hasField(type: string, name: string): boolean {
	return Object.hasOwn(Object(ACTIONS[type]?.properties), name);
}
