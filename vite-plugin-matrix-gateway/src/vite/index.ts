/** `vite-plugin-matrix-gateway`: the gateway on Vite's own server. */
export type { Grant } from "../core/protocol/grant.ts";
export type { GatewayOptions } from "../core/protocol/options.ts";
export type { RetainRule, RetainTable } from "../core/protocol/retain-table.ts";
export type { AccessOptions } from "../node/access.ts";
export type { OriginOptions, OriginRule } from "../node/allowed-forms.ts";
export type { Authenticate } from "../node/authenticate.ts";
export type { RequestLike } from "../node/request.ts";
export type { AgentsOption, AgentsOptions } from "./agents/options.ts";
export type { MatrixGatewayOptions } from "./options.ts";
export { matrixGateway, matrixGateway as default } from "./plugin.ts";
