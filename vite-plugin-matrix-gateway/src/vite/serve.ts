/** Starts the gateway on a server of Vite's, and stops it with that server. */
import type { PreviewServer, ViteDevServer } from "vite";
import { printGatewayUrl } from "./banner.ts";
import { warnOfProxies } from "./conflicts.ts";
import { hasConsole } from "./console.ts";
import {
	answerWithoutGateway,
	httpMiddleware,
	httpPathsOf,
} from "./http-middleware.ts";
import { type MatrixGatewayOptions, pathOf, pathsOf } from "./options.ts";
import { serveAcrossRestarts } from "./restart.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";
import { withServerRules } from "./server-rules.ts";
import { findUpgradeServer, warnOfNoServer } from "./upgrade-server.ts";

/** Serves `vite dev`, after a restart once the old gateway has closed its connections. */
export function serveDevelopment(
	server: ViteDevServer,
	options: MatrixGatewayOptions,
): void {
	const { config } = server;
	const console = hasConsole(server, options);
	const isOurs = httpPathsOf({ mcp: options.mcp, console });
	const upgradeServer = findUpgradeServer(server);
	if (!upgradeServer) {
		warnOfNoServer(config);
		server.middlewares.use(
			httpMiddleware(config.base, isOurs, answerWithoutGateway),
		);
		return;
	}
	warnOfProxies(config.logger, config.server, pathsOf(options, config.base));
	printGatewayUrl(server, pathOf(options), console);
	const access = withServerRules(options, config.server);
	let gateway: RunningGateway | undefined;
	serveAcrossRestarts(server, (left) => {
		gateway = startGateway(server, upgradeServer, options, access, left);
		return gateway;
	});
	server.middlewares.use(
		httpMiddleware(config.base, isOurs, (...exchange) =>
			(gateway?.handle ?? answerWithoutGateway)(...exchange),
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
	const console = hasConsole(server, options);
	const isOurs = httpPathsOf({ mcp: options.mcp, console });
	printGatewayUrl(server, pathOf(options), console);
	const access = withServerRules(options, preview);
	const gateway = startGateway(server, server.httpServer, options, access);
	server.middlewares.use(httpMiddleware(base, isOurs, gateway.handle));
	const close = server.close.bind(server);
	// Vite destroys its sockets, which would close the connections with 1006 [SH].
	server.close = async () => {
		await gateway.close("shutdown");
		gateway.leave();
		await close();
	};
}
