/** Who gets in: origin, host and token, for upgrades and HTTP requests alike [CON2, CON3, AUTH]. */
import type { Grant } from "../core/edge/host.ts";
import { checkAmount } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import { isHostKnown, isOriginAllowed, type OriginOptions } from "./origin.ts";
import type { RequestLike } from "./request.ts";
import { isSameToken, readToken } from "./token.ts";

/**
 * Says what a token allows, or null for nothing at all. It may be asynchronous; what it
 * throws, or takes too long for, is answered with HTTP 503, so that the client tries again.
 */
export type Authenticate = (
	/** Undefined where the client offered none. */
	token: string | undefined,
	request: RequestLike,
) => Grant | null | Promise<Grant | null>;

/** Who may connect. Without `token` and `authenticate` everyone may, within the limits of `OriginOptions`. */
export interface AccessOptions extends OriginOptions {
	/** The one token that everybody uses. Not together with `authenticate`. */
	readonly token?: string | undefined;
	/** Decides for each token [AUTH1]. Not together with `token`. */
	readonly authenticate?: Authenticate | undefined;
	/**
	 * Milliseconds that `authenticate` may take [AUTH2].
	 * @default 10_000
	 */
	readonly authenticateTimeout?: number;
}

/** A refusal: an HTTP status and a reason for the log and the answer. */
export interface Refused {
	readonly status: 400 | 401 | 403 | 503;
	readonly reason: string;
	/** What the host's own function threw, for its log; it may hold what that put there. */
	readonly error?: unknown;
}

/** What becomes of a request. */
export type Verdict = { readonly allow: Grant } | Refused;

/**
 * Checks that the options do not contradict each other.
 * @throws TypeError in a full sentence; RangeError where no timer can wait so long.
 */
export function checkAccessOptions(options: AccessOptions): void {
	if (options.token !== undefined && options.authenticate)
		throw new TypeError(
			"`token` and `authenticate` exclude each other: give one of them.",
		);
	const { authenticateTimeout = DEFAULTS.authenticateTimeout } = options;
	checkAmount("authenticateTimeout", authenticateTimeout);
	if (options.token === "")
		throw new TypeError(
			"`token` is empty: leave it out to let everyone in, or give one.",
		);
}

/** Judges an upgrade. Agents send no Origin, and are let in by any name. */
export async function judgeUpgrade(
	request: RequestLike,
	options: AccessOptions,
): Promise<Verdict> {
	const refused = await judgeOrigin(request, options);
	return refused ?? judgeToken(request, options);
}

/**
 * Judges where an HTTP request comes from; the token is for `judgeToken`. A page that reached
 * us by DNS rebinding sends no Origin with a GET, so without a token the name is looked at.
 */
export async function judgeSource(
	request: RequestLike,
	options: AccessOptions,
): Promise<Refused | undefined> {
	if (!hasToken(options) && !isHostKnown(request, options))
		return { status: 403, reason: "host not allowed" };
	return judgeOrigin(request, options);
}

/** Judges the token that a request offers. */
export async function judgeToken(
	request: RequestLike,
	options: AccessOptions,
): Promise<Verdict> {
	const offered = readToken(request);
	if ("conflict" in offered)
		return { status: 400, reason: "different tokens in one request" };
	try {
		const grant = await grantFor(offered.token, request, options);
		return grant ? { allow: grant } : { status: 401, reason: "unauthorized" };
	} catch (error) {
		return { status: 503, reason: "authentication failed, try again", error };
	}
}

/** Unlimited. One for all: 10,000 empty objects are 0.6 MB. */
const EVERYTHING: Grant = {};

function hasToken({ token, authenticate }: AccessOptions): boolean {
	return token !== undefined || authenticate !== undefined;
}

async function judgeOrigin(
	request: RequestLike,
	options: AccessOptions,
): Promise<Refused | undefined> {
	try {
		if (await isOriginAllowed(request, options, hasToken(options)))
			return undefined;
		return { status: 403, reason: "origin not allowed" };
	} catch (error) {
		const reason = "the origin could not be judged, try again";
		return { status: 503, reason, error };
	}
}

async function grantFor(
	offered: string | undefined,
	request: RequestLike,
	{ token, authenticate, authenticateTimeout }: AccessOptions,
): Promise<Grant | null> {
	if (authenticate)
		return checkGrant(
			await inTime(
				Promise.resolve(authenticate(offered, request)),
				authenticateTimeout ?? DEFAULTS.authenticateTimeout,
			),
		);
	if (token === undefined) return EVERYTHING;
	const isRight = offered !== undefined && isSameToken(token, offered);
	return isRight ? EVERYTHING : null;
}

/** A string for a list would let in every part of it. */
function checkGrant(grant: Grant | null): Grant | null {
	if (!grant) return null;
	const lists = [grant.agents, grant.roles];
	if (typeof grant === "object" && lists.every(isListOrAbsent)) return grant;
	throw new TypeError(
		"`authenticate` returns null, or an object whose `agents` and `roles` are arrays, if they are there.",
	);
}

function isListOrAbsent(value: unknown): boolean {
	return value === undefined || Array.isArray(value);
}

function inTime<Value>(
	promise: Promise<Value>,
	milliseconds: number,
): Promise<Value> {
	return new Promise((resolve, reject) => {
		const late = () =>
			reject(
				new Error(`\`authenticate\` took longer than ${milliseconds} ms.`),
			);
		const timer = setTimeout(late, milliseconds).unref();
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
