import type { Operation } from "../http/openapi/operation.ts";

export const METRICS_API: Operation = {
	operationId: "getMetrics",
	summary: "The host's figures, for Prometheus.",
	answers: {
		200: {
			description: "In the format of Prometheus.",
			content: { "text/plain": { schema: { type: "string" } } },
		},
	},
};
