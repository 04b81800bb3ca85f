/** All that is answered over HTTP, in one table. */
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

export const ENDPOINTS: readonly Endpoint[] = [
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
		path: "/api/gateway/openapi.json",
		method: "GET",
		guard: "anybody",
		describes: DOCUMENT_API,
		handle: answerWith(() => toDocument(ENDPOINTS)),
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

/** The paths that the app answers, each once. */
export const HTTP_PATHS: readonly string[] = [
	...new Set(ENDPOINTS.map(({ path }) => path)),
];
