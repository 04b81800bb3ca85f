/** The metrics at a port of their own, where nothing else is. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MetricsText } from "vite-plugin-matrix-gateway/server";
import { authoritiesOf } from "./addresses.ts";
import { listenAt } from "./listening.ts";
import type { Logger } from "./logging.ts";
import type { Settings } from "./settings.ts";

/**
 * Answers at `--metrics-port`, if there is one. It holds up no end of the process, and answers as
 * long as that lives.
 * @throws ListenError
 */
export async function serveMetrics(
	metrics: MetricsText,
	{ metricsPort: port, metricsHost: host }: Settings,
	log: Logger,
): Promise<void> {
	if (port === undefined) return;
	const server = createServer(({ method, url = "" }, response) => {
		const [path] = url.split("?");
		if (path !== "/metrics") refuse(response, 404);
		else if (method !== "GET" && method !== "HEAD") refuse(response, 405);
		else answer(metrics, response).catch(() => refuse(response, 500));
	});
	await listenAt(server, { host, port }, FLAGS);
	server.unref();
	server.on("error", (error) => log.error({ event: "server", err: error }));
	const [authority] = authoritiesOf([server.address() as AddressInfo]);
	const url = `http://${authority}/metrics`;
	log.info({ event: "metrics", url }, `metrics at ${url}`);
}

const FLAGS = { host: "--metrics-host", port: "--metrics-port" };

async function answer(
	metrics: MetricsText,
	response: ServerResponse,
): Promise<void> {
	const text = await metrics.metrics();
	response.setHeader("content-type", metrics.contentType);
	response.end(text);
}

function refuse(response: ServerResponse, status: number): void {
	response.statusCode = status;
	response.end();
}
