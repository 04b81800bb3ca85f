/** The table of endpoints as an app of h3's. */
import { H3, type H3Event } from "h3";
import type { Grant } from "../../core/protocol/grant.ts";
import { type AccessOptions, resolveAccess } from "../access.ts";
import { answerInTurn } from "../request-queue.ts";
import type { Worlds } from "../worlds.ts";
import { answerError, refuse, refuseMethod } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";
import { ENDPOINTS, HTTP_PATHS } from "./endpoints.ts";
import { judgeRequest } from "./guard.ts";
import { createRoom, type Room } from "./room.ts";

export function createApp(worlds: Worlds, options: AccessOptions): H3 {
	const access = resolveAccess(options);
	const room = createRoom();
	const app = new H3({ silent: true, onError: answerError });
	app.use(answerInTurn());
	for (const path of HTTP_PATHS) {
		const endpoints = ENDPOINTS.filter((one) => one.path === path);
		app.all(path, (event) =>
			answer(event, endpoints, { worlds, access, room }),
		);
	}
	return app;
}

/** @param endpoints Those of the path that is asked for, all for the same people. */
async function answer(
	event: H3Event,
	endpoints: readonly Endpoint[],
	{ worlds, access, room }: Parts,
): Promise<object> {
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
	return endpoint.handle({ event, worlds, grant, room });
}

interface Parts {
	readonly worlds: Worlds;
	readonly access: AccessOptions;
	readonly room: Room;
}

/** What nobody asks about. */
const NOTHING: Grant = {};

function methodsOf({ method }: Endpoint): readonly string[] {
	return method === "GET" ? ["GET", "HEAD"] : [method];
}
