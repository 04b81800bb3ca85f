/** Starts the gateway on a server of Vite's, and stops it with that server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Logger, PreviewServer, ViteDevServer } from "vite";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import type { AccessOptions } from "../node/access.ts";
import { attach, type UpgradeServer } from "../node/attach.ts";
import { createGateway } from "../node/create-gateway.ts";
import {
	createHttpHandler,
	HTTP_PATHS,
	type NodeHandler,
} from "../node/http.ts";
import { withServerRules } from "./access.ts";
import { printGatewayUrl } from "./banner.ts";
import { warnOfProxies } from "./conflicts.ts";
import { logEvent, logRefused } from "./logging.ts";
import type { MatrixGatewayOptions } from "./options.ts";
import { serveAcrossRestarts } from "./restart.ts";
import { closeOnSignals } from "./signals.ts";
import { findUpgradeServer, warnOfNoServer } from "./upgrade-server.ts";

/** A gateway that serves, and what ends it. */
export interface Serving {
	/** Answers `HTTP_PATHS`. */
	readonly handle: NodeHandler;
	/** Tells clients, and closes them. From then on new ones are refused. Once: later calls wait for the first. */
	close(reason: "shutdown" | "restart"): Promise<void>;
	/** Leaves the server to others. */
	leave(): void;
}

/** Serves `vite dev`, in a restart once the gateway of before has said goodbye. */
export function serveDevelopment(
	server: ViteDevServer,
	options: MatrixGatewayOptions,
): void {
	const { config } = server;
	const upgradeServer = findUpgradeServer(server);
	if (!upgradeServer) {
		warnOfNoServer(config);
		server.middlewares.use(httpMiddleware(config.base, answerWithout));
		return;
	}
	warnOfProxies(config.logger, config.server, pathsOf(options, config.base));
	printGatewayUrl(server, pathOf(options));
	const access = withServerRules(options, config.server);
	let serving: Serving | undefined;
	serveAcrossRestarts(server, () => {
		serving = serve(server, upgradeServer, options, access);
		return serving;
	});
	server.middlewares.use(
		httpMiddleware(config.base, (...exchange) =>
			(serving?.handle ?? answerWithout)(...exchange),
		),
	);
}

/** Serves `vite preview`. */
export function servePreview(
	server: PreviewServer,
	options: MatrixGatewayOptions,
): void {
	const { logger, base, preview } = server.config;
	warnOfProxies(logger, preview, pathsOf(options, base));
	printGatewayUrl(server, pathOf(options));
	const access = withServerRules(options, preview);
	const serving = serve(server, server.httpServer, options, access);
	server.middlewares.use(httpMiddleware(base, serving.handle));
	const close = server.close.bind(server);
	// Vite destroys its sockets, which would give clients 1006 [SH].
	server.close = async () => {
		await serving.close("shutdown");
		serving.leave();
		await close();
	};
}

/** Clients that do not answer hold up a restart, so they get less time than in production. */
const STOP_TIMEOUT = 1_000;

function serve(
	{ config: { logger, base } }: ViteDevServer | PreviewServer,
	upgradeServer: UpgradeServer,
	options: MatrixGatewayOptions,
	access: AccessOptions,
): Serving {
	const gateway = createGateway({
		...options,
		onEvent: eventLog(options, logger),
	});
	const detach = attach(upgradeServer, gateway, {
		...access,
		paths: pathsOf(options, base),
		onRefused: (refused) => logRefused(logger, refused),
	});
	const serving: Serving = {
		handle: createHttpHandler(gateway, access),
		close: (reason) => gateway.close({ reason, timeout: STOP_TIMEOUT }),
		leave() {
			detach();
			release();
		},
	};
	const release = closeOnSignals(serving);
	return serving;
}

function eventLog({ log = true }: MatrixGatewayOptions, logger: Logger) {
	return log ? logEvent(logger) : () => {};
}

function httpMiddleware(
	base: string,
	handle: NodeHandler,
): Connect.NextHandleFunction {
	const prefix = base.startsWith("/") ? base.slice(0, -1) : "";
	return (request, response, next) => {
		const url = stripPrefix(request.url ?? "", prefix);
		const path = url.split("?")[0] ?? "";
		if (!HTTP_PATHS.some((known) => known === path)) return next();
		request.url = url;
		void handle(request as IncomingMessage, response as ServerResponse);
	};
}

function stripPrefix(url: string, prefix: string): string {
	return prefix && url.startsWith(`${prefix}/`)
		? url.slice(prefix.length)
		: url;
}

/** Where no gateway is: Vite would answer with the app's page, as if all were well. */
function answerWithout(
	{ url = "" }: IncomingMessage,
	response: ServerResponse,
): void {
	const isAlive = url.split("?")[0] === "/healthz";
	response.writeHead(isAlive ? 200 : 503, {
		"content-type": "application/json;charset=UTF-8",
	});
	response.end(isAlive ? '{"status":"ok"}' : '{"error":"no gateway"}');
}

/** A base may also be relative or a whole URL; then there is nothing to be under. */
function pathsOf(options: MatrixGatewayOptions, base: string): string[] {
	const path = pathOf(options);
	return base.startsWith("/") ? [path, base + path.slice(1)] : [path];
}

function pathOf({ path = DEFAULTS.path }: MatrixGatewayOptions): string {
	return path;
}
