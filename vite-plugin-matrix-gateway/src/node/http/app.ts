/** The table of endpoints as an app of h3's. */
import { H3, type H3Event } from "h3";
import type { Gateway } from "../../core/gateway.ts";
import type { Grant } from "../../core/protocol/grant.ts";
import { type Access, type AccessOptions, openAccess } from "../access.ts";
import {
	type ConnectionLimits,
	type LimitOptions,
	resolveLimits,
} from "../connection-limits.ts";
import { consoleEndpoints } from "../console/endpoints.ts";
import { createConsoleJudge, type Judge } from "../console/guard.ts";
import {
	CONSOLE_PATH,
	type ConsoleOption,
	consoleOf,
} from "../console/options.ts";
import { createPage } from "../console/page.ts";
import type { Hub } from "../hub.ts";
import type { MetricsOption } from "../metrics/answer.ts";
import { quietly } from "../quietly.ts";
import { addressOf } from "../request.ts";
import { requestIdOf } from "../request-id.ts";
import { answerInTurn } from "../request-queue.ts";
import { type Worlds, worldsOf } from "../worlds.ts";
import { answerError, refuse, refuseMethod } from "./answers.ts";
import type { Asked, Endpoint } from "./endpoint.ts";
import { endpointsWith } from "./endpoints.ts";
import { judgeRequest, requestOf } from "./guard.ts";
import { answerMcp, MCP_PATH, type Mcp, type McpOption } from "./mcp.ts";
import type { OperatedOption } from "./operate/operated.ts";
import { createRoom, type Room } from "./room.ts";

export interface AppOptions
	extends AccessOptions,
		LimitOptions,
		MetricsOption,
		McpOption,
		ConsoleOption,
		OperatedOption {}

export function createApp(
	target: Gateway | Hub,
	{ metrics, mcp, onOperated, console, ...options }: AppOptions,
): H3 {
	const worlds = worldsOf(target);
	const limits = resolveLimits(options);
	const access = openAccess(options, target);
	const room = createRoom();
	const app = new H3({ silent: true, onError: answerError });
	app.use(answerInTurn());
	const parts = { worlds, access, limits, room, onOperated };
	const judgeUsual: Judge = (event, request, methods) =>
		judgeRequest(event, request, methods, access);
	const answerAt = (
		path: string,
		endpoints: readonly Answered[],
		judge = judgeUsual,
	) => app.all(path, (event) => answer(event, endpoints, { ...parts, judge }));
	const endpoints = endpointsWith(metrics);
	for (const path of new Set(endpoints.map(({ path }) => path)))
		answerAt(
			path,
			endpoints.filter((one) => one.path === path),
		);
	if (mcp) answerAt(MCP_PATH, mcpOf(mcp));
	const settings = consoleOf({ console });
	if (!settings) return app;
	const judge = createConsoleJudge(access, settings);
	for (const endpoint of consoleEndpoints(settings))
		answerAt(endpoint.path, [endpoint], judge);
	const page = createPage(settings);
	return app.get(CONSOLE_PATH, page).get(`${CONSOLE_PATH}/**`, page);
}

/** What an endpoint is but for its description: MCP has its own, and no part of that of the others. */
type Answered = Omit<Endpoint, "path" | "describes">;

function mcpOf(mcp: Mcp): readonly Answered[] {
	const handle = (asked: Asked) => answerMcp(asked, mcp);
	return MCP_METHODS.map((method) => ({ method, guard: "token", handle }));
}

/** There is no stream that a client could ask for with a GET. */
const MCP_METHODS = ["POST", "DELETE"] as const;

/** @param endpoints Those of the path that is asked for, all for the same people. */
async function answer(
	event: H3Event,
	endpoints: readonly Answered[],
	{ worlds, access, limits, room, onOperated, judge }: Parts,
): Promise<object | string> {
	const methods = endpoints.flatMap(methodsOf);
	const request = requestOf(event);
	const isForAnybody = endpoints.every(({ guard }) => guard === "anybody");
	const admission = isForAnybody
		? { allow: NOTHING }
		: await judge(event, request, methods);
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
	// Now: a socket that is closed by the time it is wanted tells none.
	const address = addressOf(request, access.proxies);
	return endpoint.handle({
		...{ event, worlds, grant, address, limits, room },
		nameOf: (token) => access.known?.(token)?.name,
		tellOperated: (act) =>
			quietly(() =>
				onOperated?.({
					...act,
					...(grant.name !== undefined && { by: grant.name }),
					requestId: requestIdOf(request, access.proxies),
					remoteAddress: address,
				}),
			),
	});
}

interface Parts extends Pick<AppOptions, "onOperated"> {
	readonly worlds: Worlds;
	readonly access: Access;
	readonly limits: ConnectionLimits;
	readonly room: Room;
	readonly judge: Judge;
}

/** What nobody asks about. */
const NOTHING: Grant = {};

function methodsOf({ method }: Answered): readonly string[] {
	return method === "GET" ? ["GET", "HEAD"] : [method];
}
