/** `/metrics`, for Prometheus [MET1]. */
import { refuse } from "../http/answers.ts";
import type { Asked } from "../http/endpoint.ts";

/** Where they are. */
export const METRICS_PATH = "/metrics";

/** What has metrics as text. A registry of prom-client is such. */
export interface MetricsText {
	readonly contentType: string;
	metrics(): Promise<string>;
}

/** What is told at `/metrics`. */
export interface MetricsOption {
	/**
	 * What is told at `/metrics` to whoever has the one token, or a grant that has `metrics`, or where
	 * no token is asked for, to everyone [MET1]: the `registry` of `createMetrics` in
	 * `vite-plugin-matrix-gateway/metrics`, or any other registry of prom-client. Without it nothing is
	 * at that path.
	 */
	readonly metrics?: MetricsText | undefined;
}

/** Answers who was let in, with what `metrics` has now. */
export async function answerMetrics(
	{ event, grant }: Pick<Asked, "event" | "grant">,
	metrics: MetricsText,
): Promise<object | string> {
	const { res } = event;
	if (!grant.metrics) return refuse(event, 403, "forbidden");
	res.headers.set("content-type", metrics.contentType);
	res.headers.set("cache-control", "no-store");
	return metrics.metrics();
}
