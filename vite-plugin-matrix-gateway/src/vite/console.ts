/** The operator's console on Vite's server. */
import type { PreviewServer, ViteDevServer } from "vite";
import type { ConsoleOption } from "../node/http.ts";
import { worldFolder } from "../node/world-folder.ts";
import type { MatrixGatewayOptions } from "./options.ts";

/** Whether it is served: in development, where nothing else is said. */
export function hasConsole(
	server: ViteDevServer | PreviewServer,
	{ console }: Pick<MatrixGatewayOptions, "console">,
): boolean {
	return console ?? "ws" in server;
}

/**
 * To whom it is served, if it is. Where each has a token of its own, that of an agent is not to open it
 * in development either.
 * @param data The folder in which the worlds are kept, if they are.
 */
export function consoleOf(
	server: ViteDevServer | PreviewServer,
	options: MatrixGatewayOptions,
	data: string | undefined,
): Required<ConsoleOption> {
	if (!hasConsole(server, options)) return { console: false };
	const isDevelopment = "ws" in server;
	const { tokens, jwt, authenticate } = options;
	const isForEach = (tokens ?? jwt ?? authenticate) !== undefined;
	return {
		console: {
			isOpen: isDevelopment && !isForEach,
			...(isDevelopment && { drain: () => void server.restart() }),
			...(data !== undefined && {
				dataOf: (world: string) => worldFolder(data, world),
			}),
		},
	};
}
