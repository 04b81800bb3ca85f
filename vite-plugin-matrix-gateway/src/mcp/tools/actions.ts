/** What `act` may do, with the schema of each: those of the documented messages. */
import type { JsonSchemaType } from "@modelcontextprotocol/server";
import agentBehavior from "../../../schemas/agent_behavior.json" with {
	type: "json",
};
import agentMove from "../../../schemas/agent_move.json" with { type: "json" };
import agentState from "../../../schemas/agent_state.json" with {
	type: "json",
};
import sceneAdd from "../../../schemas/scene_add.json" with { type: "json" };
import sceneClear from "../../../schemas/scene_clear.json" with {
	type: "json",
};
import sceneRemove from "../../../schemas/scene_remove.json" with {
	type: "json",
};
import sceneUpdate from "../../../schemas/scene_update.json" with {
	type: "json",
};
import { IN_BATCH, MAX_BATCH } from "../agent/scene-batch.ts";

/** Which agent it is, and whom it is for, is not the LLM's to say. */
const ENVELOPE: ReadonlySet<string> = new Set([
	"agentId",
	"agent_id",
	"target_id",
	"receipt",
	"reply_to",
	"in_reply_to",
	"retain",
]);

/** By their types. */
export const ACTIONS: Readonly<Record<string, JsonSchemaType>> = {
	agent_state: toAction(agentState),
	agent_move: toAction(agentMove),
	agent_behavior: toAction(agentBehavior),
	scene_add: toAction(sceneAdd),
	scene_update: toAction(sceneUpdate),
	scene_remove: toAction(sceneRemove),
	scene_clear: toAction(sceneClear),
	scene_batch: {
		type: "object",
		description:
			"Several changes of the scene as one message, which all see at once",
		properties: {
			type: { const: "scene_batch" },
			messages: {
				type: "array",
				minItems: 1,
				maxItems: MAX_BATCH,
				// Each is held to its own schema as well: to write them all out again is too much to read.
				items: {
					type: "object",
					properties: { type: { enum: [...IN_BATCH] } },
					required: ["type"],
				},
				description: `With the fields of ${[...IN_BATCH].join(", ")}`,
			},
		},
		required: ["type", "messages"],
		additionalProperties: false,
	},
};

interface MessageSchema {
	readonly description?: string;
	readonly properties: object;
	readonly required: readonly string[];
}

/** An LLM speaks for its own agent, to all: whoever it is and whom it is for it need not say. */
function toAction({
	description = "",
	properties,
	required,
}: MessageSchema): JsonSchemaType {
	const own = Object.entries(properties).filter(
		([name]) => !ENVELOPE.has(name),
	);
	return {
		type: "object",
		description,
		properties: Object.fromEntries(own),
		required: [...required],
		// What is not known here could say whose it is, or whom it is for.
		additionalProperties: false,
	} as JsonSchemaType;
}
