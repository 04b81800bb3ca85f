import colors from "picocolors";
import type { PreviewServer, ViteDevServer } from "vite";
import { CONSOLE_PATH } from "../node/http.ts";

const BELOW_BASE = `${CONSOLE_PATH.slice(1)}/`;

/** Prints the gateway's URL under Vite's own, and that of its console where it is served. */
export function printGatewayUrl(
	server: ViteDevServer | PreviewServer,
	path: string,
	hasConsole: boolean,
): void {
	const printUrls = server.printUrls.bind(server);
	server.printUrls = () => {
		printUrls();
		const { local = [], network = [] } = server.resolvedUrls ?? {};
		const { info } = server.config.logger;
		for (const url of local.length > 0 ? local : network) {
			info(line("Matrix", gatewayUrl(url, path)));
			// Below the base, as the page is.
			if (hasConsole) info(line("Console", new URL(BELOW_BASE, url).href));
		}
	};
}

/** The WebSocket's URL on the server of a page's URL. */
function gatewayUrl(pageUrl: string, path: string): string {
	return new URL(path, pageUrl).href.replace(/^http/, "ws");
}

function line(name: string, url: string): string {
	const port = (match: string) => colors.bold(match);
	const link = colors.cyan(url.replace(/(?<=:)\d+(?=\/)/, port));
	return `  ${colors.green("➜")}  ${colors.bold(name)}:${" ".repeat(Math.max(1, 8 - name.length))}${link}`;
}
