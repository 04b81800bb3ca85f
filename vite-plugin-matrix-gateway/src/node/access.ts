/** Who gets in: origin, host and token, for upgrades and HTTP requests alike [CON2, CON3, AUTH]. */
import type { Grant } from "../core/protocol/grant.ts";
import { type AccessOptions, resolveAccess } from "./access-options.ts";
import { type Authenticate, askHost } from "./authenticate.ts";
import { isHostKnown, judgePage, type OriginRules } from "./origin.ts";
import type { RequestLike } from "./request.ts";
import {
	digestOf,
	isSameToken,
	readTokens,
	subprotocolTokens,
} from "./token.ts";
import { isExpired } from "./tokens/grant-fields.ts";
import { createJwtJudge } from "./tokens/jwt.ts";
import { type Holder, openTokenFile } from "./tokens/token-file.ts";

export type { AccessOptions };

/** Who is let in, ready to judge by. */
export interface Access extends OriginRules {
	/** What a token allows, where that is known at once; absent where no token is. */
	readonly known?: (token: string) => Grant | undefined;
	/** Who decides about tokens that are not known. */
	readonly authenticate?: Authenticate | undefined;
	readonly authenticateTimeout?: number;
	/** Lets go of what it follows. */
	leave(): void;
}

/** A refusal: an HTTP status and a reason for the log and the answer. */
export interface Refused {
	readonly status: 401 | 403 | 404 | 503;
	readonly reason: string;
	/** Whether it would be let in, had its token not ended. */
	readonly isExpired?: boolean;
	/** What the host's own function threw, for its log; it may hold what that put there. */
	readonly error?: unknown;
}

/** What becomes of a request. */
export type Verdict = { readonly allow: Grant } | Refused;

/**
 * Checks the options, and opens the file of tokens where there is one.
 * @param holder Whose connections live by it: with its end the file is let go of.
 * @throws TypeError in a full sentence; RangeError where no timer can wait so long.
 * @throws TokensError where the file is not what it has to be.
 */
export function openAccess<Options extends AccessOptions>(
	options: Options,
	holder: Holder,
): Options & Access {
	const checked = resolveAccess(options);
	const { token, tokens, jwt, onTokens } = options;
	const authenticate = jwt ? createJwtJudge(jwt) : options.authenticate;
	const resolved = { ...checked, authenticate };
	if (tokens !== undefined) {
		const user = { holder, tell: onTokens };
		const { file, leave } = openTokenFile(tokens, user);
		const known = (text: string) => file.find(digestOf(text));
		// A key does not tell whether it is that of a JSON Web Token.
		holder.judgeWaiting?.(authenticate ? undefined : file.find);
		return { ...resolved, known, leave };
	}
	// Whoever has the one token that there is by now may go on with any session.
	holder.judgeWaiting?.(undefined);
	const known = token === undefined ? undefined : onlyKnowing(token);
	return { ...resolved, ...(known && { known }), leave: () => {} };
}

/** Judges an upgrade. Agents send no Origin, and are let in by any name. */
export async function judgeUpgrade(
	request: RequestLike,
	options: Access,
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
	options: Access,
): Promise<Refused | undefined> {
	if (!hasToken(options) && !isHostKnown(request, options))
		return { status: 403, reason: "host not allowed" };
	return judgeOrigin(request, options);
}

/** Judges the token that a request offers. */
export async function judgeToken(
	request: RequestLike,
	options: Access,
): Promise<Verdict> {
	try {
		const grant = await grantFor(request, options);
		if (!grant) return { status: 401, reason: "unauthorized" };
		return isExpired(grant) ? EXPIRED : { allow: grant };
	} catch (error) {
		return { status: 503, reason: "authentication failed, try again", error };
	}
}

/** Unlimited. One for all: 10,000 of them would be 0.6 MB. */
const EVERYTHING: Grant = { metrics: true };

const EXPIRED = {
	status: 401,
	reason: "token expired",
	isExpired: true,
} as const;

function onlyKnowing(token: string): (text: string) => Grant | undefined {
	const grant: Grant = { key: digestOf(token), metrics: true };
	return (text) => (isSameToken(token, text) ? grant : undefined);
}

function hasToken({ known, authenticate }: Access): boolean {
	return known !== undefined || authenticate !== undefined;
}

async function judgeOrigin(
	request: RequestLike,
	options: Access,
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
	{ headers, socket }: RequestLike,
	{ proxies }: Access,
): string {
	const isForwarded =
		proxies.trusts(socket.remoteAddress) &&
		headers["x-forwarded-host"] !== undefined;
	const name = isForwarded ? "X-Forwarded-Host" : "Host";
	return `${FOREIGN}: it has another port than the header ${name}, which a proxy has to set to the Host that the browser sent (nginx: proxy_set_header ${name} $http_host)`;
}

/**
 * Whether the page itself showed a token that is known. Browsers add cookies and `Authorization` by
 * themselves, and proxies a header or a query, but nobody a subprotocol.
 */
function knowsToken(request: RequestLike, { known }: Access): boolean {
	return subprotocolTokens(request).some((token) => known?.(token));
}

async function grantFor(
	request: RequestLike,
	{ known, authenticate, authenticateTimeout }: Access,
): Promise<Grant | null> {
	if (!known && !authenticate) return EVERYTHING;
	const { own, header } = readTokens(request);
	const grants = [...own, ...header].flatMap((token) => known?.(token) ?? []);
	const lasting = grants.find((grant) => !isExpired(grant));
	const [ended = null] = grants;
	if (lasting || !authenticate) return lasting ?? ended;
	return (await askHost(authenticate, request, authenticateTimeout)) ?? ended;
}
