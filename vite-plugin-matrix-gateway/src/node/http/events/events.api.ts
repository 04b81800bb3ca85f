import {
	OF_THE_WORLD,
	type Operation,
	refusal,
	schemaOf,
	WORLD,
} from "../openapi/operation.ts";

export const EVENTS_API: Operation = {
	operationId: "getEvents",
	summary: "What a viewer gets, as Server-Sent Events.",
	parameters: [
		WORLD,
		{
			name: "types",
			in: "query",
			description:
				"The only types that are wanted, with commas between; a `*` at the end of one stands for anything.",
			schema: { type: "string" },
		},
		{
			name: "Last-Event-ID",
			in: "header",
			description: "The last id that there was: it goes on after it.",
			schema: { type: "string" },
		},
		{
			name: "lastEventId",
			in: "query",
			description: "The same, for who can set no header.",
			schema: { type: "string" },
		},
	],
	answers: {
		200: {
			description: "They come until one side ends it.",
			content: { "text/event-stream": { schema: schemaOf("Events") } },
		},
		400: refusal("`types` is no such list."),
		429: refusal("There are too many connections of the address or the token."),
		...OF_THE_WORLD,
	},
};
