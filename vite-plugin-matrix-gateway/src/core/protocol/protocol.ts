/**
 * The wire: message shapes, close codes, error codes and every default.
 *
 * Browser-safe and free of code from elsewhere, so that the router, the hosts and the client
 * share one declaration of each. Rule IDs are those of PROTOCOL.md.
 */
export type * from "./message-types.ts";
export { DEFAULT_WORLD, isWorldName } from "./world-name.ts";

/** The version that `gateway_hello` announces. */
export const PROTOCOL_VERSION = 1;

/** The only subprotocol that the gateway ever selects [CON2]. */
export const SUBPROTOCOL = "matrix.v1";

/** A token offered as a subprotocol is this prefix and its base64url text [CON2]. */
export const TOKEN_SUBPROTOCOL_PREFIX = "matrix.token.";

/** The role of a 3D client; `mirrorVisual` copies to it [REG1, RT2]. */
export const BROWSER_ROLE = "browser";

/** Every default in one place. Durations are milliseconds, sizes are bytes. */
export const DEFAULTS = {
	/** The sidecar's TCP port. */
	port: 8765,
	/** The WebSocket's path, exact [CON1]. */
	path: "/ws/matrix",
	/** The role of an `agent_register` without one [REG1]. */
	role: "agent",
	/** The silence after which a new connection becomes a viewer [REG4]. */
	registerTimeout: 250,
	/** What viewers may have routed [REG4], and whom a message may name [RT8]. */
	viewers: "all",
	speakAs: "any",
	/** The deadline for `agent_register` under `requireRegistration` [REG4]. */
	requiredRegisterTimeout: 2_000,
	/** Between two judgements of whether a connection answers [HB2]. */
	heartbeatInterval: 30_000,
	/** The largest message that is read [CON5]. */
	maxPayload: 256 * 1024,
	/** What unfinished messages may take, all together [CON9]. */
	maxUnfinishedBytes: 128 * 1024 * 1024,
	/** What one connection may send a second, and how much of it at once [ERR5]. */
	maxMessagesPerSecond: 250_000,
	messageBurst: 500_000,
	maxBytesPerSecond: 128 * 1024 * 1024,
	byteBurst: 256 * 1024 * 1024,
	/** Agents on one connection [REG1]. */
	maxAgentsPerConnection: 64,
	/** Bytes that may wait on one socket [SLOW1]. */
	maxBufferedBytes: 1024 * 1024,
	/** What the large snapshots that are on their way may take, all together [SLOW4]. */
	maxSnapshotBytes: 256 * 1024 * 1024,
	/** How long a socket with bytes waiting may take none of them [SLOW2]. */
	stallTimeout: 10_000,
	/** From a close frame to cutting off a peer that does not answer it [SLOW3, CON4]. */
	closeTimeout: 2_000,
	/** How long a detached session waits for its client [RES3]. */
	resumeWindow: 60_000,
	/** Detached sessions at once; past that the oldest expires [RES4]. */
	maxDetachedSessions: 10_000,
	/** What the messages that wait for sessions may take, all together [RES2]. */
	maxSessionBytes: 64 * 1024 * 1024,
	/** Retained messages, and what they may take [RET4]. */
	maxRetainedMessages: 10_000,
	maxRetainedBytes: 16 * 1024 * 1024,
	/** What the log keeps for those who have yet to catch up [LOG2]. */
	maxLogBytes: 16 * 1024 * 1024,
	/** The longest that broadcasts wait for each other while they keep coming [RT5]. */
	flushWindow: 20,
	/** The bytes from which on a message is compressed, where that is on [CMP2]. */
	compressionThreshold: 256,
	/** How long a shutdown waits for the closing handshakes [SH2]. */
	shutdownTimeout: 5_000,
	/** Over how long clients spread their return after a shutdown [SH1]. */
	reconnectAfter: 1_000,
	/** Connections at once: all, of one address, with one token [CON13]. */
	maxConnections: 50_000,
	maxConnectionsPerIp: 20_000,
	maxConnectionsPerToken: 50_000,
	/** How long the answer to an upgrade may take [CON13]. */
	upgradeTimeout: 15_000,
	/** By how much the clock of who issues JSON Web Tokens may be another one [AUTH8]. */
	clockSkew: 5_000,
	/** How long `authenticate` may take [AUTH2]. */
	authenticateTimeout: 10_000,
	/** Worlds that were made at their first use, at once [WLD3]. */
	maxWorlds: 100,
	/** How long such a world is kept that nobody is in [WLD3]. */
	worldIdle: 600_000,
	/** How long an MCP client's agent stays without a call, how many there are, and what a tool answers at most. */
	mcpIdle: 600_000,
	maxMcpAgents: 100,
	mcpMaxCharacters: 12_000,
} as const;

/** A close code and its reason are one value: the one is never sent without the other [CL1]. */
export interface CloseStatus {
	readonly code: number;
	readonly reason: string;
}

/** Each close that the gateway begins [CL1]. */
export const CLOSE = {
	shutdown: { code: 1001, reason: "gateway shutting down" },
	restart: { code: 1012, reason: "gateway restarting" },
	unauthorized: { code: 4001, reason: "unauthorized" },
	protocolViolation: { code: 4002, reason: "protocol violation" },
	forbidden: { code: 4003, reason: "forbidden" },
	registrationDeadline: { code: 4008, reason: "registration deadline" },
	replaced: { code: 4009, reason: "replaced by a newer connection" },
	tokenExpired: { code: 4101, reason: "token expired" },
	tooSlow: { code: 4201, reason: "too slow" },
	rateLimit: { code: 4202, reason: "rate limit" },
	heartbeatLost: { code: 4203, reason: "heartbeat lost" },
	busy: { code: 4204, reason: "busy" },
	internalError: { code: 1011, reason: "internal error" },
} as const satisfies Record<string, CloseStatus>;

/** What a client does after a close [CL2]: stay away, come back with a new token, or come back. */
export type RetryClass = "stop" | "refresh" | "reconnect";

/** Classes a close code by its range [CL2]. */
export function retryClass(code: number): RetryClass {
	if (code >= 4000 && code < 4100) return "stop";
	if (code >= 4100 && code < 4200) return "refresh";
	return [1002, 1003, 1007, 1009].includes(code) ? "stop" : "reconnect";
}

/** The types that a client may not have routed, besides `gateway_*` [RT6]. */
const RESERVED_TYPES: ReadonlySet<string> = new Set([
	"agent_register",
	"agent_unregister",
	"agent_registered",
	"agent_joined",
	"agent_left",
	"ping",
	"pong",
	"auth_refresh",
	"agent_subscribe",
	"agent_subscribed",
]);

/** Whether a type belongs to the gateway's own conversation and is never routed [RT6]. */
export function isReserved(type: string): boolean {
	return RESERVED_TYPES.has(type) || type.startsWith("gateway_");
}

const VISUAL_TYPES: ReadonlySet<string> = new Set([
	"agent_state",
	"agent_move",
	"agent_behavior",
	"bark",
]);

/** Whether `mirrorVisual` copies a directed message of this type to browsers [RT2]. */
export function isVisual(type: string): boolean {
	return VISUAL_TYPES.has(type) || type.startsWith("scene_");
}
