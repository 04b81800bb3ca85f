import { DEFAULTS } from "./protocol.ts";
import {
	type RETAIN_TABLES,
	type RetainRule,
	type RetainTable,
	resolveTable,
} from "./retain-table.ts";

/** How a gateway behaves. Durations are milliseconds, sizes are bytes; each has a default. */
export interface GatewayOptions {
	/**
	 * Between two judgements of whether a connection still answers; who has not for a whole one
	 * is pruned [HB2]. Pings are as far apart, or where that is more than 15 s, an even part of it,
	 * so that no line is quiet for long enough for a proxy to cut it [HB1]. 0 turns the heartbeat
	 * off, and the pings with it.
	 * @default 30_000
	 */
	readonly heartbeatInterval?: number;
	/**
	 * The silence after which a new connection becomes a viewer, or under
	 * `requireRegistration` the deadline for its `agent_register` [REG4].
	 * @default 250, and 2_000 under `requireRegistration`
	 */
	readonly registerTimeout?: number;
	/**
	 * Closes connections that do not register with 4008, instead of making them viewers [REG4].
	 * @default false
	 */
	readonly requireRegistration?: boolean;
	/**
	 * Sends broadcasts to their sender too [RT1].
	 * @default false
	 */
	readonly echo?: boolean;
	/**
	 * Copies directed visual messages to viewers and to agents of the role `browser` [RT2].
	 * @default false
	 */
	readonly mirrorVisual?: boolean;
	/**
	 * The largest message that is read; a larger one closes its connection with 1009 [CON5].
	 * @default 262_144
	 */
	readonly maxPayload?: number;
	/**
	 * Messages that one connection may send a second. Past that, and past `messageBurst`, they are
	 * refused as `rate_limited`, and who goes on is closed with 4202 [ERR5]. 0 means any number. The
	 * default is twice what the fastest sender of our benchmarks does: agents need far less.
	 * @default 250_000
	 */
	readonly maxMessagesPerSecond?: number;
	/**
	 * Messages that one connection may send at once, after it was silent [ERR5]. At least 1.
	 * @default 500_000
	 */
	readonly messageBurst?: number;
	/**
	 * Bytes of messages that one connection may send a second; past that, and past `byteBurst`, as
	 * with `maxMessagesPerSecond` [ERR5]. 0 means any number.
	 * @default 134_217_728
	 */
	readonly maxBytesPerSecond?: number;
	/**
	 * Bytes of messages that one connection may send at once, after it was silent [ERR5]. One of
	 * `maxPayload` has room in any case.
	 * @default 268_435_456
	 */
	readonly byteBurst?: number;
	/**
	 * Agents that one connection may register; one more is refused as `too_many_agents` [REG1].
	 * @default 64
	 */
	readonly maxAgentsPerConnection?: number;
	/**
	 * What has come of messages that are not all there yet may take, all together; past that the
	 * connections that have waited for theirs the longest are closed with 4204, and come back
	 * [CON9]. Two messages of `maxPayload` have room in any case.
	 * @default 134_217_728
	 */
	readonly maxUnfinishedBytes?: number;
	/**
	 * Bytes that may wait on one socket before it is closed with 4201 [SLOW1].
	 * @default 1_048_576
	 */
	readonly maxBufferedBytes?: number;
	/**
	 * Bytes of large snapshots and replays, of more than `maxBufferedBytes` each, that may be on
	 * their way at once, to all connections together. Who would need more is closed with 4204, and
	 * comes back [SLOW4].
	 * @default 268_435_456
	 */
	readonly maxSnapshotBytes?: number;
	/**
	 * How long a socket with bytes waiting may take none of them [SLOW2]. 0 means for ever.
	 * @default 10_000
	 */
	readonly stallTimeout?: number;
	/**
	 * From the gateway's close frame to cutting off a peer that does not answer it [SLOW3].
	 * @default 2_000
	 */
	readonly closeTimeout?: number;
	/**
	 * The longest that broadcasts which keep coming wait for each other, so that they are written
	 * together. They wait as little as the load allows, and not at all while few of them come: see
	 * ARCHITECTURE.md. 48 of them, or 256 KiB, wait no longer [RT5]. Answers to upgrades that keep
	 * coming wait so long, and 5 at most [CON11]. 0 lets nothing wait.
	 * @default 20
	 */
	readonly flushWindow?: number;
	/**
	 * Bytes of broadcasts that are kept for those who have yet to catch up: new connections, and
	 * sessions that may be resumed [LOG2].
	 * @default 16_777_216
	 */
	readonly maxLogBytes?: number;
	/**
	 * How long a session waits for its client after a drop [RES3]. 0 gives no sessions.
	 * @default 60_000
	 */
	readonly resumeWindow?: number;
	/**
	 * Sessions that wait at once; past that the oldest expires [RES4].
	 * @default 10_000
	 */
	readonly maxDetachedSessions?: number;
	/**
	 * Bytes of what is kept for single sessions, such as directed messages, all together; past that
	 * the largest session lets go of its oldest [RES2].
	 * @default 67_108_864
	 */
	readonly maxSessionBytes?: number;
	/**
	 * What a connection without an agent may have routed [REG4]: everything, nothing (`"listen"`), or
	 * messages of these types, in which a `*` at the end stands for anything. What would be retained
	 * is none of it in any case [RET3].
	 * @default "all"
	 */
	readonly viewers?: "all" | "listen" | readonly string[];
	/**
	 * Whom a message may name by `agentId` or `agent_id` [RT8]: anybody, or agents of its own
	 * connection alone, and so a viewer nobody. Tokens that are bound to agents are besides. In the
	 * plugin and the sidecar it is `"registered"` where there are `tokens` or `jwt`.
	 * @default "any"
	 */
	readonly speakAs?: "any" | "registered";
	/**
	 * Which plain messages are retained for newcomers [RET5]: a table by message type, or
	 * `"matrix"` for the Matrix's own. Messages with a `retain` of their own need none.
	 * @default {}
	 */
	readonly retain?: RetainTable | keyof typeof RETAIN_TABLES;
	/**
	 * How many messages may be retained [RET4].
	 * @default 10_000
	 */
	readonly maxRetainedMessages?: number;
	/**
	 * Bytes of the retained messages, all together [RET4].
	 * @default 16_777_216
	 */
	readonly maxRetainedBytes?: number;
}

/** The options with nothing left open. */
export interface ResolvedOptions
	extends Omit<Required<GatewayOptions>, "retain" | "viewers"> {
	/** Types; undefined where all are allowed. */
	readonly viewers: readonly string[] | undefined;
	/** A Map, since a type may be named like a property that every object has. */
	readonly retain: ReadonlyMap<string, RetainRule>;
}

/**
 * Fills in the defaults.
 * @throws RangeError that names the option, when a number is negative or too large, or another value
 * says nothing that can be done.
 */
export function resolveOptions(options: GatewayOptions = {}): ResolvedOptions {
	const requireRegistration = options.requireRegistration ?? false;
	return {
		requireRegistration,
		echo: options.echo ?? false,
		mirrorVisual: options.mirrorVisual ?? false,
		registerTimeout: checkAmount(
			"registerTimeout",
			options.registerTimeout ??
				(requireRegistration
					? DEFAULTS.requiredRegisterTimeout
					: DEFAULTS.registerTimeout),
		),
		heartbeatInterval: amountOrDefault(options, "heartbeatInterval"),
		// ws reads a largest payload of 0 as none at all.
		maxPayload: amountOrDefault(options, "maxPayload", 1),
		maxMessagesPerSecond: amountOrDefault(options, "maxMessagesPerSecond"),
		messageBurst: amountOrDefault(options, "messageBurst", 1),
		maxBytesPerSecond: amountOrDefault(options, "maxBytesPerSecond"),
		byteBurst: amountOrDefault(options, "byteBurst", 1),
		maxAgentsPerConnection: amountOrDefault(
			options,
			"maxAgentsPerConnection",
			1,
		),
		maxUnfinishedBytes: amountOrDefault(options, "maxUnfinishedBytes"),
		maxBufferedBytes: amountOrDefault(options, "maxBufferedBytes"),
		maxSnapshotBytes: amountOrDefault(options, "maxSnapshotBytes"),
		stallTimeout: amountOrDefault(options, "stallTimeout"),
		closeTimeout: amountOrDefault(options, "closeTimeout"),
		flushWindow: amountOrDefault(options, "flushWindow"),
		maxLogBytes: amountOrDefault(options, "maxLogBytes"),
		resumeWindow: amountOrDefault(options, "resumeWindow"),
		maxDetachedSessions: amountOrDefault(options, "maxDetachedSessions"),
		maxSessionBytes: amountOrDefault(options, "maxSessionBytes"),
		maxRetainedMessages: amountOrDefault(options, "maxRetainedMessages"),
		maxRetainedBytes: amountOrDefault(options, "maxRetainedBytes"),
		viewers: resolveViewers(options.viewers ?? DEFAULTS.viewers),
		speakAs: resolveSpeakAs(options.speakAs ?? DEFAULTS.speakAs),
		retain: resolveTable(options.retain ?? {}),
	};
}

/** Milliseconds of the longest timer: a longer one fires at once. The bound of every number here. */
export const MAX_TIMER = 2 ** 31 - 1;

/**
 * Checks a duration, a size or a count that somebody gave, and returns it.
 * @throws RangeError that names it.
 */
export function checkAmount(name: string, value: number, least = 0): number {
	if (Number.isFinite(value) && value >= least && value <= MAX_TIMER)
		return value;
	throw new RangeError(
		`${name} is a number from ${least} to ${MAX_TIMER}, but ${String(value)} was given`,
	);
}

function resolveViewers(
	viewers: NonNullable<GatewayOptions["viewers"]>,
): ResolvedOptions["viewers"] {
	if (viewers === "all") return undefined;
	if (viewers === "listen") return [];
	if (Array.isArray(viewers) && viewers.every(isType)) return viewers;
	throw new RangeError('viewers is "all", "listen" or a list of types');
}

function isType(value: unknown): boolean {
	return typeof value === "string" && value !== "";
}

function resolveSpeakAs(
	speakAs: ResolvedOptions["speakAs"],
): ResolvedOptions["speakAs"] {
	if (speakAs === "any" || speakAs === "registered") return speakAs;
	throw new RangeError('speakAs is "any" or "registered"');
}

type Amounts = {
	[Key in keyof GatewayOptions as NonNullable<
		GatewayOptions[Key]
	> extends number
		? Key
		: never]?: number;
};

function amountOrDefault(
	options: GatewayOptions,
	name: keyof Amounts & keyof typeof DEFAULTS,
	least?: number,
): number {
	return checkAmount(name, options[name] ?? DEFAULTS[name], least);
}
