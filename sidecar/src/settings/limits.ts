/** How much there may be of what. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import {
	bytes,
	count,
	milliseconds,
	oneOrMore,
	wholeNumber,
} from "../kinds/numbers.ts";
import type { Setting } from "../setting.ts";

export const LIMITS = {
	maxConnections: {
		part: "Limits",
		flag: "max-connections",
		kind: oneOrMore,
		default: DEFAULTS.maxConnections,
		help: "Connections at once, streams of events included; past that the answer is 503.",
	},
	maxConnectionsPerIp: {
		flag: "max-connections-per-ip",
		kind: oneOrMore,
		default: DEFAULTS.maxConnectionsPerIp,
		help: "Connections of one IP address, or one /64 of IPv6; past that 429. Behind a proxy all have its address, unless --trust-proxy names it.",
	},
	maxConnectionsPerToken: {
		flag: "max-connections-per-token",
		kind: oneOrMore,
		default: DEFAULTS.maxConnectionsPerToken,
		help: "Connections with one token; past that 429.",
	},
	upgradeTimeout: {
		flag: "upgrade-timeout",
		kind: milliseconds,
		default: DEFAULTS.upgradeTimeout,
		help: "Time in which a request has to be there, and its upgrade has to be answered; 0 is for ever.",
	},
	maxPayload: {
		flag: "max-payload",
		kind: bytes,
		default: DEFAULTS.maxPayload,
		help: "Largest message that is read.",
	},
	maxMessagesPerSecond: {
		flag: "max-messages-per-second",
		kind: count,
		default: DEFAULTS.maxMessagesPerSecond,
		help: "Messages that one connection may send a second; past that they are refused, and who goes on is closed. 0 is any number.",
	},
	messageBurst: {
		flag: "message-burst",
		kind: wholeNumber(1, 2 ** 31 - 1),
		default: DEFAULTS.messageBurst,
		help: "Messages that one connection may send at once, after it was silent.",
	},
	maxBytesPerSecond: {
		flag: "max-bytes-per-second",
		kind: wholeNumber(0, 2 ** 31 - 1, "bytes"),
		default: DEFAULTS.maxBytesPerSecond,
		help: "The same for bytes of messages. 0 is any number.",
	},
	byteBurst: {
		flag: "byte-burst",
		kind: bytes,
		default: DEFAULTS.byteBurst,
		help: "Bytes of messages that one connection may send at once, after it was silent; one message has room in any case.",
	},
	maxAgentsPerConnection: {
		flag: "max-agents-per-connection",
		kind: wholeNumber(1, 2 ** 31 - 1),
		default: DEFAULTS.maxAgentsPerConnection,
		help: "Agents that one connection may register.",
	},
	maxUnfinishedBytes: {
		flag: "max-unfinished-bytes",
		kind: bytes,
		default: DEFAULTS.maxUnfinishedBytes,
		help: "What has come of messages that are not all there yet may take, all together; past that those who have been at theirs the longest are told to come back.",
	},
	maxBufferedBytes: {
		flag: "max-buffered-bytes",
		kind: bytes,
		default: DEFAULTS.maxBufferedBytes,
		help: "What may wait for one slow reader before it is closed.",
	},
	maxSnapshotBytes: {
		flag: "max-snapshot-bytes",
		kind: bytes,
		default: DEFAULTS.maxSnapshotBytes,
		help: "What newcomers and returning clients are sent to catch up may take on its way, all together, where it is large; past that they are told to come back.",
	},
	maxLogBytes: {
		flag: "max-log-bytes",
		kind: bytes,
		default: DEFAULTS.maxLogBytes,
		help: "What is kept of the broadcasts for dropped clients and new connections.",
	},
	maxDetachedSessions: {
		flag: "max-detached-sessions",
		kind: count,
		default: DEFAULTS.maxDetachedSessions,
		help: "Dropped clients that may come back; past that the one that dropped first may not.",
	},
	maxSessionBytes: {
		flag: "max-session-bytes",
		kind: bytes,
		default: DEFAULTS.maxSessionBytes,
		help: "What all that is kept for single sessions, such as directed messages, may take; past that the largest lets go of half.",
	},
	maxRetainedMessages: {
		flag: "max-retained-messages",
		kind: count,
		default: DEFAULTS.maxRetainedMessages,
		help: "Messages that are kept for those who come late.",
	},
	maxRetainedBytes: {
		flag: "max-retained-bytes",
		kind: bytes,
		default: DEFAULTS.maxRetainedBytes,
		help: "What these messages may take.",
	},
	heartbeatInterval: {
		flag: "heartbeat-interval",
		kind: milliseconds,
		default: DEFAULTS.heartbeatInterval,
		help: "Who answers no ping for so long is pruned; pings go out at least every 15 s. 0 sends none.",
	},
} as const satisfies Record<string, Setting>;
