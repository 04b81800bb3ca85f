/** `vite-plugin-matrix-gateway/server`: the gateway on any Node HTTP server. */

export type { ShutdownOptions } from "../core/draining.ts";
export type { GatewayEvent } from "../core/events.ts";
export type { ConnectionHandle, Gateway } from "../core/gateway.ts";
export type { Grant, Socket } from "../core/host.ts";
export type { Totals } from "../core/hub.ts";
export type { GatewayOptions } from "../core/options.ts";
export {
	MATRIX_RETAIN_TABLE,
	type RetainRule,
	type RetainTable,
} from "../core/retain-table.ts";
export type { AgentStatus, GatewayStatus } from "../core/status.ts";
export type { AccessOptions, Authenticate } from "./access.ts";
export {
	type AttachOptions,
	attach,
	type UpgradeListener,
	type UpgradeServer,
} from "./attach.ts";
export type { CompressionOptions } from "./compression.ts";
export { createGateway, type NodeGatewayOptions } from "./host.ts";
export {
	createHttpApp,
	createHttpHandler,
	HTTP_PATHS,
	type HttpApp,
	type NodeHandler,
} from "./http.ts";
export type { OriginOptions, OriginRule } from "./origin.ts";
export { isPathAsSent, type RequestLike } from "./request.ts";
export type { RefusedUpgrade } from "./upgrading.ts";
