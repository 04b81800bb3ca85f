/** Vite's dev server as a test wants it, which stops when the test is done. */
import type { AddressInfo } from "node:net";
import {
	createServer,
	type InlineConfig,
	mergeConfig,
	type ViteDevServer,
} from "vite";
import { onTestFinished } from "vitest";
import type { MatrixGatewayOptions } from "../../src/vite/index.ts";
import { baseConfig, recordLogs } from "./vite.ts";

export interface TestServer {
	readonly server: ViteDevServer;
	logs(): string;
	/** Where it listens now, which a restart may change: the gateway's URL, or another path's. */
	url(path?: string, scheme?: "ws" | "http" | "wss" | "https"): string;
}

/** Creates a server, and lets it listen unless it is in middleware mode. */
export async function serve(
	config: InlineConfig = {},
	options: MatrixGatewayOptions = {},
): Promise<TestServer> {
	const { logger, text } = recordLogs();
	const server = await createServer(
		mergeConfig(baseConfig(logger, options), config),
	);
	onTestFinished(() => server.close());
	if (!server.config.server.middlewareMode) await server.listen();
	return {
		server,
		logs: text,
		url(path = "/ws/matrix", scheme = "ws") {
			const address = server.httpServer?.address() as AddressInfo | undefined;
			const port = address?.port;
			return `${scheme}://127.0.0.1:${port}${path}`;
		},
	};
}
