/** The HTTP server whose upgrades the gateway answers. */
import type { ResolvedConfig, ViteDevServer } from "vite";
import type { UpgradeServer } from "../node/attach.ts";
import { PLUGIN_NAME } from "./conflicts.ts";

/** Vite's own server; in middleware mode the app's, if the config tells it. */
export function findUpgradeServer({
	httpServer,
	config,
}: ViteDevServer): UpgradeServer | undefined {
	const { middlewareMode, ws, hmr } = config.server;
	if (httpServer) return httpServer;
	// `ws` is Vite 8.3's, and `hmr` what it was before: the server that Vite's own WebSocket is on.
	return [middlewareMode, ws, hmr].map(serverIn).find(Boolean);
}

/** Warns that no WebSocket will reach the gateway; not in tests, where none is to. */
export function warnOfNoServer(config: ResolvedConfig): void {
	if (!isForTests(config)) config.logger.warn(`[${PLUGIN_NAME}] ${NO_SERVER}`);
}

const NO_SERVER =
	"In middleware mode the gateway needs the HTTP server that the app listens with: pass it as `server.middlewareMode: { server }`. Until then there is no gateway.";

function serverIn(option: unknown): UpgradeServer | undefined {
	if (typeof option !== "object" || option === null) return undefined;
	return (option as { readonly server?: UpgradeServer }).server;
}

/** Vitest makes servers that do not listen, of the config that it shares with the app. */
function isForTests({ server, plugins }: ResolvedConfig): boolean {
	return server.ws === false || plugins.some(({ name }) => name === "vitest");
}
