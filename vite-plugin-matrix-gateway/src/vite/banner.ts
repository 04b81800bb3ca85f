import colors from "picocolors";
import type { PreviewServer, ViteDevServer } from "vite";

/** Prints the gateway's URL under Vite's own. */
export function printGatewayUrl(
	server: ViteDevServer | PreviewServer,
	path: string,
): void {
	const printUrls = server.printUrls.bind(server);
	server.printUrls = () => {
		printUrls();
		const { local = [], network = [] } = server.resolvedUrls ?? {};
		for (const url of local.length > 0 ? local : network)
			server.config.logger.info(line(gatewayUrl(url, path)));
	};
}

/** The WebSocket's URL on the server of a page's URL. */
function gatewayUrl(pageUrl: string, path: string): string {
	return new URL(path, pageUrl).href.replace(/^http/, "ws");
}

function line(url: string): string {
	const port = (match: string) => colors.bold(match);
	const link = colors.cyan(url.replace(/(?<=:)\d+(?=\/)/, port));
	return `  ${colors.green("➜")}  ${colors.bold("Matrix")}:  ${link}`;
}
