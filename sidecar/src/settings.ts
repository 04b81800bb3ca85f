/** Every setting in one table: the command line, the environment, the help and the README follow it. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import { DEFAULT_REDIS_PREFIX } from "vite-plugin-matrix-gateway/server";
import {
	base,
	bytes,
	claim,
	count,
	directory,
	file,
	filePath,
	folder,
	host,
	hostPattern,
	httpUrl,
	type Kind,
	milliseconds,
	oneOf,
	oneOrMore,
	origin,
	path,
	redisPrefix,
	redisUrl,
	secretText,
	toggle,
	token,
	trustedProxies,
	viewerTypes,
	wholeNumber,
	worldNames,
} from "./kinds.ts";

/** One thing that an operator may choose. */
export interface Setting<Value = unknown> {
	/** Without the dashes; the environment variable is named after it. */
	readonly flag: string;
	readonly kind: Kind<Value>;
	readonly default?: Value;
	/** What the help says of a default that depends on something. */
	readonly defaultText?: string;
	/** May be given several times; in the environment separated by commas. */
	readonly repeatable?: true;
	/** False: it has no environment variable, being about one call alone. */
	readonly variable?: false;
	/** Never shown, not even when it is wrong. */
	readonly secret?: true;
	readonly help: string;
	/** The heading of the part of the help that begins with it. */
	readonly part?: string;
}

/**
 * In the order in which an operator meets them. The names are those of the options of `createGateway` and `attach`,
 * where there is one.
 */
export const SETTINGS = {
	port: {
		part: "Run",
		flag: "port",
		kind: wholeNumber(0, 65_535, "port"),
		default: DEFAULTS.port,
		help: "TCP port to listen on; 0 takes a free one.",
	},
	host: {
		flag: "host",
		kind: host,
		defaultText:
			"`0.0.0.0` where clients must offer a token, else localhost alone: `127.0.0.1` and `::1`",
		help: "Address to listen on; 0.0.0.0 is all of IPv4, :: is IPv6 and IPv4.",
	},
	path: {
		flag: "path",
		kind: path,
		default: DEFAULTS.path,
		help: "Path of the WebSocket, exact.",
	},
	static: {
		flag: "static",
		kind: directory,
		help: "Directory of the built 3D client, served at /.",
	},
	worlds: {
		flag: "worlds",
		kind: worldNames,
		help: "Worlds besides default, separated by commas, each a hub of its own at the path of the WebSocket with a slash and its name; '*' makes each at its first use.",
	},
	maxWorlds: {
		flag: "max-worlds",
		kind: count,
		default: DEFAULTS.maxWorlds,
		help: "Worlds that were made at their first use, at once; who asks for one more is refused.",
	},
	worldIdle: {
		flag: "world-idle",
		kind: milliseconds,
		default: DEFAULTS.worldIdle,
		help: "Time for which such a world is kept that nobody is in, with what it has retained; what is in a folder stays there.",
	},
	retain: {
		flag: "retain",
		kind: oneOf(["matrix"]),
		help: "matrix keeps the Matrix's own states and scenes for those who come late.",
	},
	echo: {
		flag: "echo",
		kind: toggle,
		default: false,
		help: "Send broadcasts to their sender too.",
	},
	mirrorVisual: {
		flag: "mirror-visual",
		kind: toggle,
		default: false,
		help: "Copy directed visual messages to browsers.",
	},
	mcp: {
		part: "LLMs",
		flag: "mcp",
		kind: toggle,
		default: false,
		help: "Serve LLMs at /mcp, by the Model Context Protocol over HTTP: each gets an agent in the world. The token and the allowed origins are those of the other endpoints.",
	},
	mcpIdle: {
		flag: "mcp-idle",
		kind: milliseconds,
		default: DEFAULTS.mcpIdle,
		help: "Time for which such an agent stays that no tool is called for.",
	},
	maxMcpAgents: {
		flag: "max-mcp-agents",
		kind: count,
		default: DEFAULTS.maxMcpAgents,
		help: "Such agents at once; whoever would bring one more is refused.",
	},
	mcpMaxCharacters: {
		flag: "mcp-max-characters",
		kind: wholeNumber(1_000, 2 ** 31 - 1),
		default: DEFAULTS.mcpMaxCharacters,
		help: "Characters that a tool answers at most; what is past that is left out, and said to be.",
	},
	token: {
		part: "Who gets in, and what they may",
		flag: "token",
		kind: token,
		secret: true,
		help: "Token that every client must offer. Better given by the environment: other users of the machine can read a command line.",
	},
	tokens: {
		flag: "tokens",
		kind: filePath,
		help: "JSON file of tokens, each with its name and what it allows; new-token makes one with its entry. It is followed: a change counts within a second. Not together with --token.",
	},
	jwtJwks: {
		flag: "jwt-jwks",
		kind: httpUrl,
		help: "URL of the keys (JWKS) that check the signatures of JSON Web Tokens, whose claims say what they allow. With --tokens either lets in.",
	},
	jwtSecret: {
		flag: "jwt-secret",
		kind: secretText,
		secret: true,
		help: "Secret that signs JSON Web Tokens by HS256, in place of --jwt-jwks; with less than 32 bytes whoever has one token can find it out. Better given by the environment: other users of the machine can read a command line.",
	},
	jwtIssuer: {
		flag: "jwt-issuer",
		kind: claim,
		repeatable: true,
		help: "Who has to have issued JSON Web Tokens (iss).",
	},
	jwtAudience: {
		flag: "jwt-audience",
		kind: claim,
		repeatable: true,
		help: "For whom JSON Web Tokens have to be (aud). Needed where their issuer makes some for others too.",
	},
	jwtClockSkew: {
		flag: "jwt-clock-skew",
		kind: milliseconds,
		default: DEFAULTS.clockSkew,
		help: "By how much the clock of who issues JSON Web Tokens may be another one.",
	},
	allowedOrigins: {
		flag: "allowed-origin",
		kind: origin,
		repeatable: true,
		help: "Origin of pages that may connect from another host; * is any.",
	},
	allowedHosts: {
		flag: "allowed-host",
		kind: hostPattern,
		repeatable: true,
		defaultText: "the hosts of the allowed origins",
		help: "Host name whose pages may connect, and under which the status is read, without a token; a leading dot covers subdomains. localhost and IP addresses need not be named.",
	},
	requireRegistration: {
		flag: "require-registration",
		kind: toggle,
		default: false,
		help: "Close connections that do not register.",
	},
	registerTimeout: {
		flag: "register-timeout",
		kind: milliseconds,
		defaultText: `${DEFAULTS.registerTimeout}; ${DEFAULTS.requiredRegisterTimeout} with --require-registration`,
		help: "Silence after which a new connection becomes a viewer, or is closed where registration is required.",
	},
	viewers: {
		flag: "viewers",
		kind: viewerTypes,
		defaultText: DEFAULTS.viewers,
		help: "What who has registered no agent may have routed: all, listen for nothing, or types separated by commas, * at the end of one for anything. What would be retained never is.",
	},
	speakAs: {
		flag: "speak-as",
		kind: oneOf(["any", "registered"]),
		defaultText: `${DEFAULTS.speakAs}; registered with --tokens, --jwt-jwks or --jwt-secret`,
		help: "Whom a message may name as its agentId: any, or registered for agents of its own connection alone.",
	},
	tlsCert: {
		part: "TLS, or a proxy",
		flag: "tls-cert",
		kind: file,
		help: "Certificate and what leads from it to the root, PEM: with it TLS is spoken (wss, https). Read again when it changes, and on SIGHUP. Together with --tls-key.",
	},
	tlsKey: {
		flag: "tls-key",
		kind: file,
		help: "Private key of that certificate, PEM, without a passphrase.",
	},
	trustProxy: {
		flag: "trust-proxy",
		kind: trustedProxies,
		default: false,
		help: "Proxies whose X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Port are believed, by their addresses or networks, separated by commas. Without a value everybody's are, as one proxy's: only where nobody else can reach the port, since whoever can has any address and host.",
	},
	base: {
		flag: "base",
		kind: base,
		help: "Prefix under which all is answered as well, for a proxy that forwards it, such as /matrix/.",
	},
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
	logLevel: {
		part: "Watch",
		flag: "log-level",
		kind: oneOf(["debug", "info", "warn", "error", "fatal", "silent"]),
		default: "info",
		help: "Least level that is logged: debug, info, warn, error, fatal or silent.",
	},
	logFormat: {
		flag: "log-format",
		kind: oneOf(["json", "pretty"]),
		defaultText: "pretty on a terminal, else json",
		help: "json, one object a line, or pretty, for people.",
	},
	metricsPort: {
		flag: "metrics-port",
		kind: wholeNumber(0, 65_535, "port"),
		help: "TCP port at which nothing but /metrics is answered, in plain HTTP and without a token; 0 takes a free one. At --port it is answered in any case, for the token.",
	},
	metricsHost: {
		flag: "metrics-host",
		kind: host,
		default: "127.0.0.1",
		help: "Address of that port. Whoever reaches it reads the metrics.",
	},
	data: {
		part: "Restart",
		flag: "data",
		kind: folder,
		help: "Folder in which the world outlives the process; it is made where there is none. Without it the world is in memory.",
	},
	fsync: {
		flag: "fsync",
		kind: oneOf(["second", "always", "never"]),
		default: "second",
		help: "When what happens is brought to the disk itself: each second, before anybody is told of it, or when the system likes. It outlives the process in any case; this is about power cuts.",
	},
	redis: {
		flag: "redis",
		kind: redisUrl,
		secret: true,
		help: "URL of a Redis or Valkey (7 or newer), redis://localhost:6379 or rediss: for TLS: all gateways that name it are one hub. With a password in it better given by the environment: other users of the machine can read a command line.",
	},
	redisPrefix: {
		flag: "redis-prefix",
		kind: redisPrefix,
		default: DEFAULT_REDIS_PREFIX,
		help: "What the names of its keys in Redis begin with.",
	},
	resumeWindow: {
		flag: "resume-window",
		kind: milliseconds,
		default: DEFAULTS.resumeWindow,
		help: "Time for which a dropped client may come back as if nothing had been; 0 offers that to nobody.",
	},
	reconnectAfter: {
		flag: "reconnect-after",
		kind: milliseconds,
		default: DEFAULTS.reconnectAfter,
		help: "Time over which clients spread their return after a shutdown.",
	},
	flushWindow: {
		part: "Speed",
		flag: "flush-window",
		kind: milliseconds,
		default: DEFAULTS.flushWindow,
		help: "The longest that broadcasts which keep coming wait for each other, where that saves time that is needed; 0 lets nothing wait.",
	},
	compression: {
		flag: "compression",
		kind: toggle,
		default: false,
		help: "Compress what is sent to clients that offer it, once for all of them. For large worlds and slow lines.",
	},
	compressionThreshold: {
		flag: "compression-threshold",
		kind: bytes,
		default: DEFAULTS.compressionThreshold,
		help: "Bytes from which on a message is compressed.",
	},
	nativeIo: {
		flag: "native-io",
		kind: oneOf(["auto", "off"]),
		default: "auto",
		help: "off leaves all reading and writing to Node's streams, which is slower; auto goes below them, by parts of Node that it does not document, as far as it can, and says where it cannot.",
	},
} as const satisfies Record<string, Setting>;

/** What was chosen. A setting that has no default is absent until it is given. */
export type Settings = {
	readonly [Name in WithDefault]: ValueOf<Name>;
} & {
	readonly [Name in Exclude<keyof Table, WithDefault>]?: ValueOf<Name>;
};

/** The environment variable of a setting. */
export function variableOf({ flag }: Setting): string {
	return `${VARIABLE_PREFIX}${flag.replaceAll("-", "_").toUpperCase()}`;
}

/** What the name of each of our environment variables begins with. */
export const VARIABLE_PREFIX = "MATRIX_GATEWAY_";

type Table = typeof SETTINGS;

type WithDefault = {
	[Name in keyof Table]: Table[Name] extends { readonly default: unknown }
		? Name
		: never;
}[keyof Table];

type ValueOf<Name extends keyof Table> = Table[Name] extends {
	readonly repeatable: true;
	readonly kind: Kind<infer Value>;
}
	? readonly Value[]
	: Table[Name] extends { readonly kind: Kind<infer Value> }
		? Value
		: never;
