import {
	json,
	OF_THE_BODY,
	OF_THE_WORLD,
	type Operation,
	schemaOf,
	WORLD,
} from "../openapi/operation.ts";

export const MESSAGES_API: Operation = {
	operationId: "postMessages",
	summary: "Says one message, or several in their order.",
	parameters: [WORLD],
	body: { oneOf: [schemaOf("Message"), schemaOf("Messages")] },
	answers: {
		200: json("What became of each, in their order.", schemaOf("Results")),
		...OF_THE_BODY,
		401: interrupted("The token is missing, wrong, or let in no more."),
		403: interrupted("The token, the origin or the host does not allow it."),
		404: OF_THE_WORLD[404],
		429: interrupted("Too much was said."),
		503: interrupted("For now it cannot be done."),
	},
};

/** It may come in the middle. */
function interrupted(description: string) {
	return json(description, schemaOf("Interrupted"));
}
