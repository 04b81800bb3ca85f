/** The table of endpoints as an app of h3's. */
import { H3, type H3Event } from "h3";
import type { Gateway } from "../../core/gateway.ts";
import type { Grant } from "../../core/protocol/grant.ts";
import { type Access, type AccessOptions, openAccess } from "../access.ts";
import type { Hub } from "../hub.ts";
import {
	answerMetrics,
	METRICS_PATH,
	type MetricsOption,
	type MetricsText,
} from "../metrics/answer.ts";
import { addressOf } from "../request.ts";
import { answerInTurn } from "../request-queue.ts";
import { type Worlds, worldsOf } from "../worlds.ts";
import { answerError, refuse, refuseMethod } from "./answers.ts";
import type { Asked, Endpoint } from "./endpoint.ts";
import { ENDPOINTS, HTTP_PATHS } from "./endpoints.ts";
import { judgeRequest, requestOf } from "./guard.ts";
import { createRoom, type Room } from "./room.ts";

export function createApp(
	target: Gateway | Hub,
	{ metrics, ...options }: AccessOptions & MetricsOption,
): H3 {
	const worlds = worldsOf(target);
	const access = openAccess(options, target);
	const room = createRoom();
	const app = new H3({ silent: true, onError: answerError });
	app.use(answerInTurn());
	const answerAt = (path: string, endpoints: readonly Answered[]) =>
		app.all(path, (event) =>
			answer(event, endpoints, { worlds, access, room }),
		);
	for (const path of HTTP_PATHS)
		answerAt(
			path,
			ENDPOINTS.filter((one) => one.path === path),
		);
	if (metrics) answerAt(METRICS_PATH, [metricsOf(metrics)]);
	return app;
}

/** What an endpoint is but for its description: metrics are the host's, and no part of that. */
type Answered = Omit<Endpoint, "path" | "describes">;

function metricsOf(metrics: MetricsText): Answered {
	const handle = (asked: Asked) => answerMetrics(asked, metrics);
	return { method: "GET", guard: "token", handle };
}

/** @param endpoints Those of the path that is asked for, all for the same people. */
async function answer(
	event: H3Event,
	endpoints: readonly Answered[],
	{ worlds, access, room }: Parts,
): Promise<object | string> {
	const methods = endpoints.flatMap(methodsOf);
	const isForAnybody = endpoints.every(({ guard }) => guard === "anybody");
	const admission = isForAnybody
		? { allow: NOTHING }
		: await judgeRequest(event, methods, access);
	if ("answer" in admission) return admission.answer;
	const endpoint = endpoints.find((one) =>
		methodsOf(one).includes(event.req.method),
	);
	if (!endpoint) return refuseMethod(event, methods.join(", "));
	const grant = admission.allow;
	if (!isForAnybody && worlds.isRevoked(grant))
		return refuse(event, 401, "unauthorized");
	if (endpoint.guard === "operator" && grant.operate !== true)
		return refuse(event, 403, "forbidden");
	const address = addressOf(requestOf(event), access.proxies);
	return endpoint.handle({ event, worlds, grant, address, room });
}

interface Parts {
	readonly worlds: Worlds;
	readonly access: Access;
	readonly room: Room;
}

/** What nobody asks about. */
const NOTHING: Grant = {};

function methodsOf({ method }: Answered): readonly string[] {
	return method === "GET" ? ["GET", "HEAD"] : [method];
}
