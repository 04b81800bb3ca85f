/** Who gets in: origin, host and token, for upgrades and HTTP requests alike [CON2, CON3, AUTH]. */
import type { Grant } from "../core/protocol/grant.ts";
import { checkAmount } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import { type OriginOptions, resolveOrigins } from "./allowed-forms.ts";
import { type Authenticate, askHost } from "./authenticate.ts";
import { isHostKnown, judgePage } from "./origin.ts";
import type { RequestLike } from "./request.ts";
import {
	isSameToken,
	isToken,
	readTokens,
	subprotocolTokens,
} from "./token.ts";

/** Who may connect. Without `token` and `authenticate` everyone may, within the limits of `OriginOptions`. */
export interface AccessOptions extends OriginOptions {
	/** The one token that everybody uses. Not together with `authenticate`. */
	readonly token?: string | undefined;
	/** Decides for each token [AUTH1]. Not together with `token`. */
	readonly authenticate?: Authenticate | undefined;
	/**
	 * Milliseconds that `authenticate` may take for one request [AUTH2].
	 * @default 10_000
	 */
	readonly authenticateTimeout?: number;
}

/** A refusal: an HTTP status and a reason for the log and the answer. */
export interface Refused {
	readonly status: 401 | 403 | 404 | 503;
	readonly reason: string;
	/** What the host's own function threw, for its log; it may hold what that put there. */
	readonly error?: unknown;
}

/** What becomes of a request. */
export type Verdict = { readonly allow: Grant } | Refused;

/**
 * Checks the options, and brings them into the form that is compared.
 * @throws TypeError in a full sentence; RangeError where no timer can wait so long.
 */
export function resolveAccess<Options extends AccessOptions>(
	options: Options,
): Options {
	const { token, authenticate } = options;
	if (token !== undefined && authenticate)
		throw new TypeError(
			"`token` and `authenticate` exclude each other: give one of them.",
		);
	const { authenticateTimeout = DEFAULTS.authenticateTimeout } = options;
	checkAmount("authenticateTimeout", authenticateTimeout);
	if (token === "")
		throw new TypeError(
			"`token` is empty: leave it out to let everyone in, or give one.",
		);
	if (token !== undefined && (typeof token !== "string" || !isToken(token)))
		throw new TypeError(
			"`token` is not a text that UTF-8 can carry, so nobody could offer it.",
		);
	return resolveOrigins(options);
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
	try {
		const grant = await grantFor(request, options);
		return grant ? { allow: grant } : { status: 401, reason: "unauthorized" };
	} catch (error) {
		return { status: 503, reason: "authentication failed, try again", error };
	}
}

/** Unlimited. One for all: 10,000 of them would be 0.6 MB. */
const EVERYTHING: Grant = { metrics: true };

function hasToken({ token, authenticate }: AccessOptions): boolean {
	return token !== undefined || authenticate !== undefined;
}

async function judgeOrigin(
	request: RequestLike,
	options: AccessOptions,
): Promise<Refused | undefined> {
	try {
		const page = await judgePage(request, options, hasToken(options));
		if (page === "allowed") return undefined;
		if (page === "foreign") return { status: 403, reason: FOREIGN };
		return knowsToken(request, options)
			? undefined
			: { status: 403, reason: otherPort(request, options) };
	} catch (error) {
		const reason = "the origin could not be judged, try again";
		return { status: 503, reason, error };
	}
}

const FOREIGN = "origin not allowed";

/** Says what to set: it is the most usual mistake before a gateway that is right otherwise. */
function otherPort(
	{ headers }: RequestLike,
	{ trustProxy }: AccessOptions,
): string {
	const isForwarded = trustProxy && headers["x-forwarded-host"] !== undefined;
	const name = isForwarded ? "X-Forwarded-Host" : "Host";
	return `${FOREIGN}: it has another port than the header ${name}, which a proxy has to set to the Host that the browser sent (nginx: proxy_set_header ${name} $http_host)`;
}

/**
 * Whether the page itself showed the one token. Browsers add cookies and `Authorization` by
 * themselves, and proxies a header or a query, but nobody a subprotocol.
 */
function knowsToken(request: RequestLike, { token }: AccessOptions): boolean {
	return token !== undefined && isAmong(subprotocolTokens(request), token);
}

async function grantFor(
	request: RequestLike,
	options: AccessOptions,
): Promise<Grant | null> {
	const { token, authenticate, authenticateTimeout } = options;
	if (authenticate) return askHost(authenticate, request, authenticateTimeout);
	if (token === undefined) return EVERYTHING;
	const { own, header } = readTokens(request);
	return isAmong([...own, ...header], token) ? EVERYTHING : null;
}

function isAmong(offered: readonly string[], token: string): boolean {
	return offered.some((text) => isSameToken(token, text));
}
