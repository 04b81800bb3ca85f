/** `vite-plugin-matrix-gateway/metrics`: a gateway's figures for Prometheus. Needs `prom-client`. */

export type { GatewayMeters, ResumeOutcome } from "../../core/edge/meters.ts";
export {
	createMetrics,
	type Metrics,
	type MetricsOptions,
} from "./create-metrics.ts";
