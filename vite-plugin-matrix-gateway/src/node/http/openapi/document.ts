/** The document of all endpoints, as OpenAPI 3.1 [HTTP11]. */
import packageJson from "../../../../package.json" with { type: "json" };
import type { Endpoint, Guard } from "../endpoint.ts";
import {
	type Answer,
	type Operation,
	refusal,
	type Schema,
} from "./operation.ts";
import { SCHEMAS } from "./schemas.ts";

export function toDocument(endpoints: readonly Endpoint[]): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const { path, method, guard, describes } of endpoints) {
		const methods = paths[path] ?? {};
		paths[path] = methods;
		const answers = { ...OF_GUARD[guard], ...describes.answers };
		methods[method.toLowerCase()] = toOperation(describes, guard, answers);
		if (method !== "GET") continue;
		const head = { ...describes, operationId: `${describes.operationId}Head` };
		methods.head = toOperation(head, guard, withoutBodies(answers));
	}
	return {
		openapi: "3.1.0",
		info: {
			title: "Matrix gateway",
			version: packageJson.version,
			description:
				"A hub for AI agents and browsers, for whoever has no WebSocket. PROTOCOL.md says what it does.",
			license: { name: packageJson.license, identifier: packageJson.license },
		},
		paths,
		components: { schemas: SCHEMAS, securitySchemes: SECURITY },
	};
}

const SECURITY = {
	header: { type: "http", scheme: "bearer" },
	query: { type: "apiKey", in: "query", name: "token" },
};

/** A host may ask for no token. */
const BY_TOKEN: readonly Schema[] = [{ header: [] }, { query: [] }, {}];

const OF_TOKEN: Readonly<Record<number, Answer>> = {
	401: refusal("The token is missing, wrong, or let in no more."),
	403: refusal("The token, the origin or the host does not allow it."),
	503: refusal("The token or the origin cannot be judged for now."),
};

const OF_GUARD: Readonly<Record<Guard, Readonly<Record<number, Answer>>>> = {
	anybody: {},
	token: OF_TOKEN,
	operator: OF_TOKEN,
};

function toOperation(
	{ operationId, summary, parameters, body }: Operation,
	guard: Guard,
	responses: Readonly<Record<number, Answer>>,
): object {
	return {
		operationId,
		summary,
		...(guard !== "anybody" && { security: BY_TOKEN }),
		...(parameters && { parameters }),
		...(body && {
			requestBody: {
				required: true,
				content: { "application/json": { schema: body } },
			},
		}),
		responses,
	};
}

function withoutBodies(
	answers: Readonly<Record<number, Answer>>,
): Record<string, Answer> {
	const entries = Object.entries(answers);
	return Object.fromEntries(
		entries.map(([status, { description }]) => [status, { description }]),
	);
}
