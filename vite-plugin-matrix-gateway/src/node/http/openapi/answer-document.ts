/** `GET /api/gateway/openapi.json`: it holds nothing that is not in PROTOCOL.md [HTTP11]. */
import type { Asked } from "../endpoint.ts";
import type { Operation } from "./operation.ts";

/** @param document Makes it: it describes the endpoint that gives it, too. */
export function answerWith(document: () => object): (asked: Asked) => object {
	let made: object | undefined;
	return ({ event }) => {
		made ??= document();
		// For whatever draws it, wherever that is from.
		event.res.headers.set("access-control-allow-origin", "*");
		return made;
	};
}

export const DOCUMENT_API: Operation = {
	operationId: "getDocument",
	summary: "This document.",
	answers: {
		200: {
			description: "OpenAPI 3.1.",
			content: { "application/json": { schema: { type: "object" } } },
		},
	},
};
