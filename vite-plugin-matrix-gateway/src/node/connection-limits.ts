/** How many may connect at once, by WebSocket or for a stream of events [CON13]. */
import type { Duplex } from "node:stream";
import { checkAmount } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import { clientNetwork } from "./proxies.ts";

/** How many connections a gateway has at once, streams of events and those included that are not let in yet. */
export interface LimitOptions {
	/**
	 * All together, of all worlds. Past that an upgrade is answered with 503 [CON13].
	 * @default 50_000
	 */
	readonly maxConnections?: number;
	/**
	 * Of one IP address, or one /64 of IPv6. Past that an upgrade is answered with 429. Behind a
	 * proxy all have its address, unless `trustProxy` names it [CON13].
	 * @default 20_000
	 */
	readonly maxConnectionsPerIp?: number;
	/**
	 * With one token. Past that an upgrade is answered with 429 [CON13].
	 * @default 50_000
	 */
	readonly maxConnectionsPerToken?: number;
	/**
	 * Milliseconds for the answer to an upgrade, whatever takes its time, after which it is 503
	 * [CON13]. The sidecar gives a client as long to send its request. 0 means for ever.
	 * @default 15_000
	 */
	readonly upgradeTimeout?: number;
}

/** With nothing left open. */
export type ConnectionLimits = Required<LimitOptions>;

/** @throws RangeError that names the option. */
export function resolveLimits(options: LimitOptions): ConnectionLimits {
	const amount = (name: keyof LimitOptions, least: number) =>
		checkAmount(name, options[name] ?? DEFAULTS[name], least);
	return {
		maxConnections: amount("maxConnections", 1),
		maxConnectionsPerIp: amount("maxConnectionsPerIp", 1),
		maxConnectionsPerToken: amount("maxConnectionsPerToken", 1),
		upgradeTimeout: amount("upgradeTimeout", 0),
	};
}

/** Why there is no room for one more. */
export interface NoRoom {
	readonly status: 429 | 503;
	readonly reason: string;
}

/** Who is connected, and who was refused. */
export interface ConnectionCounts {
	all: number;
	/** Those that are not 0. */
	readonly perClient: Map<string, number>;
	readonly perToken: Map<string, number>;
	/** How often an upgrade was refused, by the HTTP status or the close code. */
	readonly refused: Map<number, number>;
}

const counts = new WeakMap<object, ConnectionCounts>();

/** Those of a gateway or a hub, whatever servers its connections come from. */
export function countsOf(holder: object): ConnectionCounts {
	const own = counts.get(holder) ?? {
		all: 0,
		perClient: new Map(),
		perToken: new Map(),
		refused: new Map(),
	};
	counts.set(holder, own);
	return own;
}

/** Has one be counted with another. */
export function shareCounts(one: object, other: object): void {
	counts.set(one, countsOf(other));
}

/** Counts a socket until it is closed, unless there is no room for it. */
export function countSocket(
	socket: Duplex,
	address: string | undefined,
	counts: ConnectionCounts,
	limits: ConnectionLimits,
): NoRoom | undefined {
	return untilClosed(socket, takePlace(address, counts, limits));
}

/** Counts a socket with its token, in the same way. */
export function countToken(
	socket: Duplex,
	key: string | undefined,
	counts: ConnectionCounts,
	limits: ConnectionLimits,
): NoRoom | undefined {
	return untilClosed(socket, takeOfToken(key, counts, limits));
}

/** Whose connection it is. */
export interface Whose {
	readonly address: string | undefined;
	readonly key: string | undefined;
}

/** Counts a connection that is no socket of its own until it is given back, unless there is no room for it. */
export function takeConnection(
	{ address, key }: Whose,
	counts: ConnectionCounts,
	limits: ConnectionLimits,
): NoRoom | GiveBack {
	const place = takePlace(address, counts, limits);
	if (isNoRoom(place)) return place;
	const ofToken = takeOfToken(key, counts, limits);
	if (isNoRoom(ofToken)) {
		place();
		return ofToken;
	}
	return () => {
		place();
		ofToken();
	};
}

export function isNoRoom(taken: NoRoom | GiveBack): taken is NoRoom {
	return typeof taken !== "function";
}

/** To be called once. */
export type GiveBack = () => void;

function takePlace(
	address: string | undefined,
	counts: ConnectionCounts,
	limits: ConnectionLimits,
): NoRoom | GiveBack {
	const { all, perClient } = counts;
	const client = address === undefined ? undefined : clientNetwork(address);
	if (all >= limits.maxConnections)
		return { status: 503, reason: "too many connections, try again" };
	if (
		client !== undefined &&
		isFull(perClient, client, limits.maxConnectionsPerIp)
	)
		return { status: 429, reason: "too many connections of this address" };
	const giveBack = client === undefined ? undefined : add(perClient, client);
	counts.all++;
	return () => {
		counts.all--;
		giveBack?.();
	};
}

function takeOfToken(
	key: string | undefined,
	{ perToken }: ConnectionCounts,
	{ maxConnectionsPerToken }: ConnectionLimits,
): NoRoom | GiveBack {
	if (key === undefined) return () => {};
	if (isFull(perToken, key, maxConnectionsPerToken))
		return { status: 429, reason: "too many connections with this token" };
	return add(perToken, key);
}

function isFull(
	counted: ReadonlyMap<string, number>,
	of: string,
	most: number,
) {
	return (counted.get(of) ?? 0) >= most;
}

/** A stream closes once, however it ends; one that is closed says so no more. */
function untilClosed(
	socket: Duplex,
	taken: NoRoom | GiveBack,
): NoRoom | undefined {
	if (isNoRoom(taken)) return taken;
	if (socket.closed) taken();
	else socket.once("close", taken);
	return undefined;
}

function add(counted: Map<string, number>, of: string): () => void {
	counted.set(of, (counted.get(of) ?? 0) + 1);
	return () => {
		const left = (counted.get(of) ?? 1) - 1;
		if (left > 0) counted.set(of, left);
		else counted.delete(of);
	};
}
