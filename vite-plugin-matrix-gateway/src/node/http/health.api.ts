import { json, type Operation, schemaOf } from "./openapi/operation.ts";

export const HEALTH_API: Operation = {
	operationId: "getHealth",
	summary: "Whether the process lives.",
	answers: { 200: json("It does.", schemaOf("Health")) },
};

export const READINESS_API: Operation = {
	operationId: "getReadiness",
	summary: "Whether newcomers are to be sent here.",
	answers: {
		200: json("They are.", schemaOf("Health")),
		503: json("They are not.", schemaOf("Health")),
	},
};
