/** All that the demo's agents say is as the documents say, and as other languages read them. */
import { Ajv2020 } from "ajv/dist/2020.js";
import {
	createMatrixClient,
	type MatrixClientOptions,
} from "vite-plugin-matrix-gateway/client";
import schema from "vite-plugin-matrix-gateway/schemas/matrix-message.json";
import { createMatrix } from "vite-plugin-matrix-gateway/testing";
import { expect, it, onTestFinished } from "vitest";
import { CAST, live } from "./cast.ts";

interface Said {
	readonly type: string;
}

const said: Said[] = [];

function recorded(
	schema: NonNullable<MatrixClientOptions["schema"]>,
): typeof schema {
	const { validate, ...props } = schema["~standard"];
	return {
		"~standard": {
			...props,
			validate(value) {
				said.push(value as Said);
				return validate(value);
			},
		},
	};
}

/** What an hour of theirs has. */
const TYPES = [
	"agent_state",
	"agent_move",
	"agent_behavior",
	"bark",
	"agent_message",
	"scene_batch",
	"zone_add",
	"world_register",
	"task_created",
	"task_update",
	"payment_flow",
	"visitor_message",
];

const ajv = new Ajv2020({ allowUnionTypes: true });

it("is valid, whatever they do", async () => {
	const matrix = createMatrix({ gateway: { retain: "matrix" } });
	onTestFinished(() => matrix.close());
	const stopping = new AbortController();
	// What their schema judges is what they say, and what they hear of each other.
	for (const agent of CAST)
		live(matrix, agent, stopping.signal, recorded(agent.schema));
	const visitor = createMatrixClient(matrix.client);
	await matrix.pass(2_000);
	visitor.send({ type: "visitor_message", text: "A tree, please" });
	visitor.send({ type: "visitor_message", text: 7 } as never);
	await matrix.pass(10 * 60_000);
	stopping.abort();
	const all = new Set(said.map(({ type }) => type));
	expect(TYPES.filter((type) => !all.has(type))).toEqual([]);

	const validate = ajv.compile(schema);
	const invalid = said.filter((message) => !validate(message));
	// That of the visitor, which each of them refuses.
	expect(invalid).toEqual(
		CAST.map(() => ({ type: "visitor_message", text: 7 })),
	);
});
