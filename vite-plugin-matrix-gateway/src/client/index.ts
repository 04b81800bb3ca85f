/**
 * The client of a Matrix gateway, for browsers and Node: `vite-plugin-matrix-gateway/client`.
 *
 * @packageDocumentation
 */

export type {
	AgentInfo,
	ErrorCode,
	GatewayMessage,
	Interest,
	LeftReason,
	ReceiptStatus,
} from "../core/protocol/protocol.ts";
export type {
	SchemaIssue,
	SchemaResult,
	StandardSchema,
} from "../messages/standard-schema.ts";
export type { Position } from "../messages/types.ts";
export type {
	AgentCleanup,
	AgentContext,
	AgentFunction,
	AgentModule,
} from "./agent-module.ts";
export { InvalidMessageError } from "./checks.ts";
export type { ClientState } from "./client-state.ts";
export type { Clock } from "./clock.ts";
export { createMatrixClient } from "./create-client.ts";
export type { TokenSource } from "./credentials.ts";
export type { WebSocketConstructor, WebSocketLike } from "./environment.ts";
export type { HotModule } from "./hot-update.ts";
export type { Unsubscribe } from "./listeners.ts";
export type { MatrixClient } from "./matrix-client.ts";
export type {
	HeardBy,
	Known,
	MatrixMessage,
	MatrixMessages,
	MessageOf,
	OutgoingMessage,
	SaidBy,
} from "./messages.ts";
export type { MatrixClientOptions } from "./options.ts";
export type { DropReason } from "./outbox.ts";
export type { Answerable } from "./reply.ts";
export {
	type DeliveryStatus,
	RequestError,
	type RequestErrorCode,
	type RequestOptions,
} from "./requests.ts";
export type { Retain, RetainScope } from "./retain.ts";
export type { Agents } from "./roster.ts";
