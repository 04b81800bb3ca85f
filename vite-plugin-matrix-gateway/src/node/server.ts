/** `vite-plugin-matrix-gateway/server`: the gateway on any Node HTTP server. */

export type { ShutdownOptions } from "../core/edge/drain.ts";
export type { Socket } from "../core/edge/host.ts";
export type {
	AgentStatus,
	GatewayStatus,
	Totals,
} from "../core/edge/status.ts";
export type {
	ConnectionHandle,
	Disconnected,
	Gateway,
	Refresh,
} from "../core/gateway.ts";
export type { Grant } from "../core/protocol/grant.ts";
export { isAgentId, isRole } from "../core/protocol/names.ts";
export type { GatewayOptions } from "../core/protocol/options.ts";
export {
	MATRIX_RETAIN_TABLE,
	type RetainRule,
	type RetainTable,
} from "../core/protocol/retain-table.ts";
export { isWorldName, WORLD_FORM } from "../core/protocol/world-name.ts";
export type { WorldSnapshot } from "../core/world/snapshot.ts";
export type { AccessOptions } from "./access.ts";
export { speakAsOf } from "./access-options.ts";
export type { OriginOptions, OriginRule } from "./allowed-forms.ts";
export { parseHost, parseOrigin } from "./allowed-forms.ts";
export {
	type AttachOptions,
	attach,
	type UpgradeListener,
	type UpgradeServer,
} from "./attach.ts";
export type { Authenticate } from "./authenticate.ts";
export type { CompressionOptions } from "./compression.ts";
export type { LimitOptions } from "./connection-limits.ts";
export { createGateway, type NodeGatewayOptions } from "./create-gateway.ts";
export { readPast } from "./data/past.ts";
export {
	type DataSummary,
	readData,
	type WorldSummary,
} from "./data/summary.ts";
export { exportData, importData } from "./data/transfer.ts";
export type { Operated, OperatedOption } from "./http/operate/operated.ts";
export {
	CONSOLE_PATH,
	type ConsoleOption,
	type ConsoleSettings,
	createHttpApp,
	createHttpHandler,
	HTTP_PATHS,
	type HttpApp,
	type HttpAppOptions,
	lazyMcp,
	MCP_PATH,
	type Mcp,
	type McpOption,
	McpUnavailable,
	type NodeHandler,
} from "./http.ts";
export { createHub, type Hub } from "./hub.ts";
export type { HubEvent, HubOptions } from "./hub-options.ts";
export type { MetricsOption, MetricsText } from "./metrics/answer.ts";
export type { NativeIoOptions, NativeIoStatus } from "./native-io.ts";
export type {
	NodeGateway,
	NodeGatewayEvent as GatewayEvent,
	NodeGatewayStatus,
} from "./node-gateway.ts";
export { DataError } from "./order/data-error.ts";
export type { DataOptions } from "./order/data-options.ts";
export { isRedisUrl } from "./order/redis/address.ts";
export {
	DEFAULT_PREFIX as DEFAULT_REDIS_PREFIX,
	isRedisPrefix,
} from "./order/redis/keys.ts";
export type { RedisEvent } from "./order/redis/redis-event.ts";
export type {
	RedisOptions,
	RedisWorldOptions,
} from "./order/redis/redis-options.ts";
export {
	isProxyAddress,
	type Proxies,
	resolveProxies,
	type TrustProxy,
} from "./proxies.ts";
export { isPathAsSent, type RequestLike } from "./request.ts";
export { newRequestId, REQUEST_ID, requestIdOf } from "./request-id.ts";
export { isHttpUrl, type JwtOptions } from "./tokens/jwt-options.ts";
export { parseTokens, TokensError } from "./tokens/token-entries.ts";
export type { TokensEvent } from "./tokens/token-file.ts";
export type { RefusedUpgrade } from "./upgrade.ts";
export { worldFolder } from "./world-folder.ts";
export { nameBelow } from "./world-paths.ts";
export type { WorldsOptions } from "./worlds-options.ts";
