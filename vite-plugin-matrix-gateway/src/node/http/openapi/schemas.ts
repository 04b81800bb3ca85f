/** The shapes of what is sent and answered, for the document [HTTP11]. */
import type { Schema } from "./operation.ts";

const TEXT: Schema = { type: "string" };
const NUMBER: Schema = { type: "number" };
const COUNT: Schema = { type: "integer", minimum: 0 };

function object(
	properties: Readonly<Record<string, Schema>>,
	optional: Readonly<Record<string, Schema>> = {},
): Schema {
	return {
		type: "object",
		required: Object.keys(properties),
		properties: { ...properties, ...optional },
	};
}

/** An object of no other fields. */
function exactly(properties: Readonly<Record<string, Schema>>): Schema {
	return { ...object(properties), additionalProperties: false };
}

const AGENT = object(
	{
		agentId: TEXT,
		role: TEXT,
		connectionId: TEXT,
		state: { enum: ["online", "detached"] },
		connectedAt: { type: "string", format: "date-time" },
		lastMessageAt: { type: "string", format: "date-time" },
		received: COUNT,
		sent: COUNT,
		bufferedBytes: COUNT,
	},
	{ node: TEXT },
);

const NODE = object({
	id: TEXT,
	connections: COUNT,
	viewers: COUNT,
	totals: { type: "object", additionalProperties: COUNT },
});

const LOUD_SENDER = object(
	{ connectionId: TEXT, bytes: COUNT, share: NUMBER },
	{ agentId: TEXT },
);

const MESSAGE: Schema = {
	type: "object",
	required: ["type"],
	properties: {
		type: { type: "string", minLength: 1 },
		target_id: { type: ["string", "null"] },
	},
};

const RECEIPT = object({
	id: TEXT,
	status: { enum: ["delivered", "offline", "queued", "dropped"] },
	target_id: TEXT,
});

const ERROR = object(
	{ code: TEXT, message: TEXT },
	{ target_id: TEXT, agentId: TEXT, receipt: TEXT },
);

const RESULT: Schema = {
	oneOf: [
		exactly({ ok: { const: true } }),
		exactly({ receipt: RECEIPT }),
		exactly({ error: ERROR }),
	],
};

const RESULTS: Schema = { type: "array", items: RESULT };

export const SCHEMAS: Readonly<Record<string, Schema>> = {
	Refusal: object(
		{ error: TEXT },
		{ code: { type: "string", description: "For programs." } },
	),
	Interrupted: object({ error: TEXT }, { code: TEXT, results: RESULTS }),
	Status: object(
		{
			version: TEXT,
			world: TEXT,
			worlds: { type: "array", items: TEXT },
			status: { enum: ["ok", "degraded", "behind", "draining"] },
			uptime: NUMBER,
			agents: { type: "array", items: AGENT },
			viewers: COUNT,
			connections: COUNT,
			loudest: { type: "array", items: LOUD_SENDER },
			totals: { type: "object", additionalProperties: COUNT },
		},
		{
			node: TEXT,
			nodes: { type: "array", items: NODE },
			order: object({ state: TEXT }, { reason: TEXT }),
			nativeIo: object({ state: TEXT }),
		},
	),
	Health: object({ status: TEXT }, { reason: TEXT }),
	Who: {
		oneOf: [
			object({ agentId: TEXT }, { world: TEXT }),
			object({ connectionId: TEXT }, { world: TEXT }),
		],
	},
	Disconnected: exactly({ disconnected: { const: true } }),
	Token: object({ token: TEXT }),
	Revoked: exactly({ revoked: { const: true } }),
	Message: MESSAGE,
	Messages: { type: "array", items: MESSAGE, maxItems: 100 },
	Results: exactly({ results: RESULTS }),
	Events: {
		type: "string",
		description:
			"Events without a name are messages, as JSON; `resumed`, `lost` and `close` tell of the stream.",
	},
};
