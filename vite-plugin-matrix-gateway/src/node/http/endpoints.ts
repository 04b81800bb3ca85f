/** All that is answered over HTTP, in one table. */
import type { Endpoint } from "./endpoint.ts";
import { answerEvents } from "./events/events.ts";
import { answerHealth, answerReadiness } from "./health.ts";
import { answerMessages } from "./messages/messages.ts";
import { answerStatus } from "./status.ts";

export const ENDPOINTS: readonly Endpoint[] = [
	{
		path: "/api/gateway/status",
		method: "GET",
		guard: "token",
		handle: answerStatus,
	},
	{
		path: "/api/gateway/messages",
		method: "POST",
		guard: "token",
		handle: answerMessages,
	},
	{
		path: "/api/gateway/events",
		method: "GET",
		guard: "token",
		handle: answerEvents,
	},
	{ path: "/healthz", method: "GET", guard: "anybody", handle: answerHealth },
	{ path: "/readyz", method: "GET", guard: "anybody", handle: answerReadiness },
];

/** The paths that the app answers, each once. */
export const HTTP_PATHS: readonly string[] = [
	...new Set(ENDPOINTS.map(({ path }) => path)),
];
