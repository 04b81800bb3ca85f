/** The HTTP endpoints, as one h3 app for both hosts [HTTP]. */
import {
	type IncomingMessage,
	type ServerResponse,
	STATUS_CODES,
} from "node:http";
import {
	H3,
	type H3Event,
	type HTTPError,
	handleCors,
	type Middleware,
	toNodeHandler,
} from "h3";
import packageJson from "../../package.json" with { type: "json" };
import type { Gateway } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { isOnList } from "../core/protocol/names.ts";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import {
	type Access,
	type AccessOptions,
	judgeSource,
	judgeToken,
	openAccess,
	type Refused,
} from "./access.ts";
import { countsOf } from "./connection-limits.ts";
import type { Hub } from "./hub.ts";
import type { RequestLike } from "./request.ts";
import { answerInTurn } from "./request-queue.ts";
import { NO_WORLD, type Worlds, worldsOf } from "./worlds.ts";

/** The paths that the app answers. */
export const HTTP_PATHS = [
	"/api/gateway/status",
	"/healthz",
	"/readyz",
] as const;

/**
 * What answers a request. It is an app of h3's, and can be mounted in another, but its type does
 * not say so: h3's own declarations name packages that h3 does not bring.
 */
export interface HttpApp {
	fetch(request: Request): Response | Promise<Response>;
}

/**
 * Creates the app of a gateway, or of a hub with its worlds: `GET /api/gateway/status` [HTTP1],
 * `/healthz` and `/readyz` [HTTP2].
 *
 * @example
 * import { H3 } from "h3";
 * import { createGateway, createHttpApp } from "vite-plugin-matrix-gateway/server";
 *
 * const gateway = createGateway();
 * const app = new H3().mount("", createHttpApp(gateway));
 *
 * @throws TypeError when options contradict each other, or no page can have one of the allowed
 *   origins, or no server one of the allowed hosts.
 * @throws RangeError when a number is out of range.
 * @throws TokensError when the file of tokens is not what it has to be.
 */
export function createHttpApp(
	target: Gateway | Hub,
	options: AccessOptions = {},
): HttpApp {
	return createApp(target, options);
}

/** The same app as a listener of Node's, for a server that is there already. */
export function createHttpHandler(
	target: Gateway | Hub,
	options: AccessOptions = {},
): NodeHandler {
	return toNodeHandler(createApp(target, options)) as NodeHandler;
}

/** Answers one of `HTTP_PATHS`; others it answers with 404. */
export type NodeHandler = (
	request: IncomingMessage,
	response: ServerResponse,
) => void | Promise<void>;

const HANDLERS: Readonly<
	Record<
		(typeof HTTP_PATHS)[number],
		(worlds: Worlds, event: H3Event) => object
	>
> = {
	"/api/gateway/status": answerStatus,
	"/healthz": () => ({ status: "ok" }),
	"/readyz"({ ready, draining, health }, event) {
		if (!ready) event.res.status = 503;
		const { state = "ok" } = health ?? {};
		// One that is broken is not ready either.
		if (draining || (!ready && state !== "behind"))
			return { status: "draining" };
		// Why it is degraded is not for everybody: no token is asked for here.
		const reason = health?.state === "behind" ? health.reason : undefined;
		return { status: state, ...(reason !== undefined && { reason }) };
	},
};

/** What one world tells, and which others the token may ask about. */
function answerStatus(worlds: Worlds, event: H3Event): object {
	const { gateways } = worlds;
	const { worlds: allowed } = event.context.grant as Grant;
	const name = event.url.searchParams.get("world") ?? DEFAULT_WORLD;
	const gateway = gateways.get(name);
	event.res.headers.set("cache-control", "no-store");
	// First, so that nobody learns which others there are.
	if (!isOnList(allowed, name))
		return answer(event, { status: 403, reason: "forbidden" });
	if (!gateway) return answer(event, { status: 404, reason: NO_WORLD });
	const names = [...gateways.keys()].filter((one) => isOnList(allowed, one));
	return {
		version: packageJson.version,
		world: name,
		worlds: names.sort(),
		...gateway.status(),
		refused: Object.fromEntries(countsOf(worlds).refused),
	};
}

function createApp(target: Gateway | Hub, options: AccessOptions): H3 {
	const worlds = worldsOf(target);
	const access = openAccess(options, target);
	const app = new H3({ silent: true, onError: answerError });
	app.use(answerInTurn());
	app.use("/api/gateway/**", createGuard(access));
	for (const path of HTTP_PATHS)
		app.all(path, (event) =>
			READS.has(event.req.method)
				? HANDLERS[path](worlds, event)
				: refuseMethod(event),
		);
	return app;
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Not in h3's own words, which repeat the URL, and a token with it [HTTP4]. */
function answerError({ status }: HTTPError, event: H3Event): object {
	event.res.status = status;
	return { error: (STATUS_CODES[status] ?? "error").toLowerCase() };
}

function refuseMethod(event: H3Event): object {
	event.res.status = 405;
	event.res.headers.set("allow", "GET, HEAD");
	return { error: "method not allowed" };
}

/** Who asks, from where, and with which token; a preflight has no token to show. */
function createGuard(options: Access): Middleware {
	return async (event, next) => {
		const request = requestOf(event);
		const refused = await judgeSource(request, options);
		if (refused) return answer(event, refused);
		const preflight = allowOrigin(event, request.headers.origin);
		if (preflight) return preflight;
		const verdict = await judgeToken(request, options);
		if (!("allow" in verdict)) return answer(event, verdict);
		event.context.grant = verdict.allow;
		return next();
	};
}

function answer(event: H3Event, { status, reason }: Refused): object {
	event.res.status = status;
	if (status === 401) event.res.headers.set("www-authenticate", "Bearer");
	return { error: reason };
}

function allowOrigin(event: H3Event, origin: string | undefined) {
	if (origin === undefined) return undefined;
	return handleCors(event, {
		origin: [origin],
		methods: ["GET"],
		allowHeaders: ["authorization"],
	});
}

/** Node's request where there is one: only it knows the peer, and the Host of HTTP/2. */
function requestOf(event: H3Event): RequestLike {
	const { runtime, req, url } = event;
	return (
		runtime?.node?.req ?? {
			url: url.pathname + url.search,
			headers: Object.fromEntries(req.headers),
			socket: {},
		}
	);
}
