/** All that is answered over HTTP, in one table. */

import { METRICS_API } from "../metrics/answer.api.ts";
import {
	answerMetrics,
	METRICS_PATH,
	type MetricsText,
} from "../metrics/answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { EVENTS_API } from "./events/events.api.ts";
import { answerEvents } from "./events/events.ts";
import { HEALTH_API, READINESS_API } from "./health.api.ts";
import { answerHealth, answerReadiness } from "./health.ts";
import { MESSAGES_API } from "./messages/messages.api.ts";
import { answerMessages } from "./messages/messages.ts";
import { answerWith, DOCUMENT_API } from "./openapi/answer-document.ts";
import { toDocument } from "./openapi/document.ts";
import { DISCONNECT_API, REVOKE_API } from "./operate/operate.api.ts";
import { answerDisconnect, answerRevoke } from "./operate/operate.ts";
import { STATUS_API } from "./status.api.ts";
import { answerStatus } from "./status.ts";

const FIXED: readonly Endpoint[] = [
	{
		path: "/api/gateway/status",
		method: "GET",
		guard: "token",
		describes: STATUS_API,
		handle: answerStatus,
	},
	{
		path: "/api/gateway/messages",
		method: "POST",
		guard: "token",
		describes: MESSAGES_API,
		handle: answerMessages,
	},
	{
		path: "/api/gateway/events",
		method: "GET",
		guard: "token",
		describes: EVENTS_API,
		handle: answerEvents,
	},
	{
		path: "/api/gateway/disconnect",
		method: "POST",
		guard: "operator",
		describes: DISCONNECT_API,
		handle: answerDisconnect,
	},
	{
		path: "/api/gateway/revoke",
		method: "POST",
		guard: "operator",
		describes: REVOKE_API,
		handle: answerRevoke,
	},
	{
		path: "/healthz",
		method: "GET",
		guard: "anybody",
		describes: HEALTH_API,
		handle: answerHealth,
	},
	{
		path: "/readyz",
		method: "GET",
		guard: "anybody",
		describes: READINESS_API,
		handle: answerReadiness,
	},
];

export const ENDPOINTS = withDocument(FIXED);

/** With the metrics that the host has. */
export function endpointsWith(
	metrics: MetricsText | undefined,
): readonly Endpoint[] {
	return metrics ? withDocument([...FIXED, metricsAt(metrics)]) : ENDPOINTS;
}

function withDocument(others: readonly Endpoint[]): readonly Endpoint[] {
	const all: readonly Endpoint[] = [
		...others,
		{
			path: "/api/gateway/openapi.json",
			method: "GET",
			guard: "anybody",
			describes: DOCUMENT_API,
			handle: answerWith(() => toDocument(all)),
		},
	];
	return all;
}

function metricsAt(metrics: MetricsText): Endpoint {
	return {
		path: METRICS_PATH,
		method: "GET",
		guard: "token",
		describes: METRICS_API,
		handle: (asked) => answerMetrics(asked, metrics),
	};
}

/** The paths that the app always answers, each once. */
export const HTTP_PATHS: readonly string[] = [
	...new Set(ENDPOINTS.map(({ path }) => path)),
];
