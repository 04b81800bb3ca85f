/** What the host's own function says to the tokens of a request [AUTH]. */
import type { Grant } from "../core/protocol/grant.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import type { RequestLike } from "./request.ts";
import { digestOf, readTokens } from "./token.ts";
import { findWrong, GRANT_FIELDS, isExpired } from "./tokens/grant-fields.ts";

/**
 * Says what a token allows, or null for nothing at all. It may be asynchronous; what it
 * throws, or takes too long for, is answered with HTTP 503, so that the client tries again.
 *
 * A request may hold several tokens, such as a page's own and that of a proxy before the
 * gateway. It is asked about one after the other, those of the subprotocols first, then those
 * of the query, then that of the header, eight times at most, until it returns a grant [AUTH3].
 */
export type Authenticate = (
	/** Undefined where the client offered none, which is asked last where a proxy may have. */
	token: string | undefined,
	request: RequestLike,
) => Grant | null | Promise<Grant | null>;

/**
 * What the first of a request's tokens that it grants anything allows, or null. It has ended only
 * if there is no other one.
 * @throws What it threw, or that it took too long.
 */
export function askHost(
	authenticate: Authenticate,
	request: RequestLike,
	limit: number = DEFAULTS.authenticateTimeout,
): Promise<Grant | null> {
	return inTime(askForEach(authenticate, request, limit), limit);
}

/** A token that cannot be judged does not stand before another that can [AUTH3]. */
async function askForEach(
	authenticate: Authenticate,
	request: RequestLike,
	limit: number,
): Promise<Grant | null> {
	const failures: unknown[] = [];
	const start = performance.now();
	let ended: Grant | null = null;
	for (const token of candidatesOf(request)) {
		// Nobody waits for more answers then.
		if (performance.now() - start > limit) break;
		try {
			const grant = checkGrant(await authenticate(token, request));
			if (grant && !isExpired(grant)) return withKey(grant, token);
			ended ??= grant;
		} catch (error) {
			failures.push(error);
		}
	}
	if (failures.length > 0) throw failures[0];
	return ended;
}

/** All that lives by one token is known by it. */
function withKey(grant: Grant, token: string | undefined): Grant {
	return grant.key !== undefined || token === undefined
		? grant
		: { ...grant, key: digestOf(token) };
}

/** A page can set no header, so what is in that of its request is not offered by the page. */
function candidatesOf(request: RequestLike): (string | undefined)[] {
	const { own, header } = readTokens(request);
	const isPage = request.headers.origin !== undefined;
	const offersNone = own.length === 0 && (isPage || header.length === 0);
	return [...own, ...header, ...(offersNone ? [undefined] : [])];
}

/** What is not what it has to be might let in more than was meant. */
function checkGrant(grant: Grant | null): Grant | null {
	if (!grant) return null;
	if (typeof grant !== "object")
		throw new TypeError("`authenticate` returns null, or an object.");
	const wrong = findWrong({ ...grant }, GRANT_FIELDS);
	if (wrong === undefined) return grant;
	throw new TypeError(
		`\`authenticate\` returns null, or an object whose \`${wrong}\`, if it is there, is ${GRANT_FIELDS[wrong].expected}.`,
	);
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
