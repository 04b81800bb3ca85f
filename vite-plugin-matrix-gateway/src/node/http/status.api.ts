import {
	json,
	OF_THE_WORLD,
	type Operation,
	schemaOf,
	WORLD,
} from "./openapi/operation.ts";

export const STATUS_API: Operation = {
	operationId: "getStatus",
	summary: "Who is connected to a world, and what was counted there.",
	parameters: [WORLD],
	answers: {
		200: json("How it is now.", schemaOf("Status")),
		404: OF_THE_WORLD[404],
	},
};
