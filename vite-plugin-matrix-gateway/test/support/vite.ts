/** Vite's servers with the plugin, in this process. */
import type { AddressInfo } from "node:net";
import {
	createLogger,
	createServer,
	type InlineConfig,
	type Logger,
	preview,
} from "vite";
import {
	type MatrixGatewayOptions,
	matrixGateway,
} from "../../src/vite/index.ts";
import { makeApp } from "./app.ts";
import { withoutColors } from "./colors.ts";
import type { RunningHost } from "./host.ts";
import { NATIVE_IO } from "./native-io.ts";
import { LONG_SILENCE } from "./silence.ts";

/** `vite dev` with the plugin alone. */
export async function viteDev(
	options: MatrixGatewayOptions = {},
): Promise<RunningHost> {
	const { logger, text } = recordLogs();
	const config = baseConfig(logger, options);
	const server = await createServer(config);
	await server.listen();
	server.printUrls();
	const address = server.httpServer?.address() as AddressInfo;
	return running(address, options, text, () => server.close());
}

/** `vite preview` with the plugin alone. */
export async function vitePreview(
	options: MatrixGatewayOptions = {},
): Promise<RunningHost> {
	const { logger, text } = recordLogs();
	const server = await preview(baseConfig(logger, options));
	server.printUrls();
	const address = server.httpServer.address() as AddressInfo;
	return running(address, options, text, () => server.close());
}

/** What every test's server has: an app of its own, a free port, no config file. */
export function baseConfig(
	logger: Logger,
	options: MatrixGatewayOptions = {},
): InlineConfig {
	const root = makeApp();
	return {
		root,
		cacheDir: `${root}/.vite`,
		configFile: false,
		customLogger: logger,
		clearScreen: false,
		server: { port: 0, host: "127.0.0.1", watch: null },
		preview: { port: 0, host: "127.0.0.1" },
		plugins: [
			matrixGateway({
				registerTimeout: LONG_SILENCE,
				...NATIVE_IO,
				...options,
			}),
		],
	};
}

/** A logger that keeps what it is told, without colours, and prints nothing. */
export function recordLogs(): { logger: Logger; text: () => string } {
	const lines: string[] = [];
	const keep = (line: string) => void lines.push(withoutColors(line));
	const logger = createLogger("info", { allowClearScreen: false });
	return {
		logger: { ...logger, info: keep, warn: keep, warnOnce: keep, error: keep },
		text: () => lines.join("\n"),
	};
}

function running(
	{ port }: AddressInfo,
	{ path = "/ws/matrix" }: MatrixGatewayOptions,
	logs: () => string,
	close: () => Promise<void>,
): RunningHost {
	return {
		url: `ws://127.0.0.1:${port}${path}`,
		httpUrl: `http://127.0.0.1:${port}`,
		logs,
		async stop() {
			await close();
			return undefined;
		},
	};
}
