/** Requests have an id, which is in their answers, and a line in the log. */
import type { Server } from "node:http";
import {
	REQUEST_ID,
	requestIdOf,
	resolveProxies,
	type TrustProxy,
} from "vite-plugin-matrix-gateway/server";
import type { Logger } from "./logging.ts";

/** Before other listeners see a request. Upgrades are not among them, unless nobody wants them. */
export function logRequests(
	server: Server,
	{ trustProxy }: { readonly trustProxy?: TrustProxy },
	log: Logger,
): void {
	const proxies = resolveProxies(trustProxy);
	server.prependListener("request", (request, response) => {
		const requestId = requestIdOf(request, proxies);
		const { method, url = "" } = request;
		const start = performance.now();
		response.setHeader(REQUEST_ID, requestId);
		response.once("close", () => {
			const { statusCode: status, writableFinished: isWhole } = response;
			const ms = Math.round(performance.now() - start);
			log[levelOf(status, isWhole)](
				{ event: "request", requestId, method, path: pathOf(url), status, ms },
				isWhole ? "answered a request" : "a request ended before its answer",
			);
		});
	});
}

/** What was done as asked is for who looks for something. */
function levelOf(status: number, isWhole: boolean): "debug" | "info" {
	return isWhole && status >= 400 ? "info" : "debug";
}

/** Never the query: a token may be in it. */
function pathOf(url: string): string {
	return url.split(/[?#]/, 1)[0]?.slice(0, 200) ?? "";
}
