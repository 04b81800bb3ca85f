import {
	json,
	OF_THE_BODY,
	type Operation,
	refusal,
	schemaOf,
	WORLD,
} from "../openapi/operation.ts";

const OF_OPERATORS = {
	...OF_THE_BODY,
	503: refusal("For now it cannot be done, or the token not be judged."),
};

export const DISCONNECT_API: Operation = {
	operationId: "disconnect",
	summary: "Ends one connection, and its session.",
	parameters: [WORLD],
	body: schemaOf("Who"),
	answers: {
		...OF_OPERATORS,
		200: json("It is closed with 4003.", schemaOf("Disconnected")),
		404: refusal("There is no such connection, or no such world."),
	},
};

export const REVOKE_API: Operation = {
	operationId: "revoke",
	summary: "Lets a token in no more, and ends all that lives by it.",
	body: schemaOf("Token"),
	answers: {
		...OF_OPERATORS,
		200: json("It is let in no more.", schemaOf("Revoked")),
	},
};
