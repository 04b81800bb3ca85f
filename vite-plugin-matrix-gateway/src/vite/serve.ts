/** Starts the gateway on a server of Vite's, and stops it with that server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Logger, PreviewServer, ViteDevServer } from "vite";
import type { Gateway } from "../core/gateway.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import type { AccessOptions } from "../node/access.ts";
import { attach, type UpgradeServer } from "../node/attach.ts";
import { createGateway } from "../node/host.ts";
import { createHttpHandler, HTTP_PATHS } from "../node/http.ts";
import { withServerRules } from "./access.ts";
import { printGatewayUrl } from "./banner.ts";
import { PLUGIN_NAME, warnOfProxies } from "./conflicts.ts";
import { logEvent, logRefused } from "./logging.ts";
import type { MatrixGatewayOptions } from "./options.ts";
import { replaceAcrossRestarts } from "./restart.ts";
import { closeOnInterrupt } from "./signals.ts";

/** A gateway that serves, and what ends it. */
export interface Serving {
	readonly gateway: Gateway;
	/** Tells clients, closes them, and leaves the server. */
	stop(reason: "shutdown" | "restart"): Promise<void>;
}

/** Serves `vite dev`, once the gateway of before a restart has said goodbye. */
export async function serveDevelopment(
	server: ViteDevServer,
	options: MatrixGatewayOptions,
): Promise<void> {
	const { logger, base, server: settings } = server.config;
	const { middlewareMode } = settings;
	const upgradeServer =
		server.httpServer ??
		(typeof middlewareMode === "object" ? middlewareMode.server : undefined);
	if (!upgradeServer) logger.warn(NO_SERVER);
	warnOfProxies(logger, settings, pathsOf(options, base));
	const rules = withServerRules(options, settings);
	const start = () => serve(server, upgradeServer, options, rules);
	const serving = await replaceAcrossRestarts(server, start);
	stopWith(server, serving);
}

/** Serves `vite preview`. */
export function servePreview(
	server: PreviewServer,
	options: MatrixGatewayOptions,
): void {
	const { logger, base, preview } = server.config;
	warnOfProxies(logger, preview, pathsOf(options, base));
	const rules = withServerRules(options, preview);
	stopWith(server, serve(server, server.httpServer, options, rules));
}

const NO_SERVER = `[${PLUGIN_NAME}] In middleware mode the gateway needs the HTTP server that the app listens with: pass it as \`server.middlewareMode: { server }\`. Until then there is no gateway.`;

/** Clients that do not answer hold up a restart, so they get less time than in production. */
const STOP_TIMEOUT = 1_000;

type ViteServer = ViteDevServer | PreviewServer;

function serve(
	server: ViteServer,
	upgradeServer: UpgradeServer | undefined,
	options: MatrixGatewayOptions,
	access: AccessOptions,
): Serving {
	const { logger, base } = server.config;
	const gateway = createGateway({
		...options,
		onEvent: eventLog(options, logger),
	});
	const detach =
		upgradeServer &&
		attach(upgradeServer, gateway, {
			...access,
			paths: pathsOf(options, base),
			onRefused: (refused) => logRefused(logger, refused),
		});
	server.middlewares.use(httpMiddleware(gateway, access, base));
	if (upgradeServer) printGatewayUrl(server, pathOf(options));
	const serving: Serving = {
		gateway,
		async stop(reason) {
			await gateway.close({ reason, timeout: STOP_TIMEOUT });
			detach?.();
			release();
		},
	};
	// Here and not with `server.close`, which a restart does not call.
	const release = closeOnInterrupt(serving);
	return serving;
}

function eventLog({ log = true }: MatrixGatewayOptions, logger: Logger) {
	return log ? logEvent(logger) : () => {};
}

/** Vite destroys its sockets when it closes, which would give clients 1006 [SH]. */
function stopWith(server: ViteServer, serving: Serving): void {
	const close = server.close.bind(server);
	server.close = async () => {
		await serving.stop("shutdown");
		await close();
	};
}

function httpMiddleware(
	gateway: Gateway,
	access: AccessOptions,
	base: string,
): Connect.NextHandleFunction {
	const handle = createHttpHandler(gateway, access);
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

/** A base may also be relative or a whole URL; then there is nothing to be under. */
function pathsOf(options: MatrixGatewayOptions, base: string): string[] {
	const path = pathOf(options);
	return base.startsWith("/") ? [path, base + path.slice(1)] : [path];
}

function pathOf({ path = DEFAULTS.path }: MatrixGatewayOptions): string {
	return path;
}
