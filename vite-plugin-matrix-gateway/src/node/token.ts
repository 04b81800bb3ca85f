/** Where a token may be, and whether it is the right one [CON2]. */
import { createHash, timingSafeEqual } from "node:crypto";
import { TOKEN_SUBPROTOCOL_PREFIX } from "../core/protocol.ts";
import { queryOf, type RequestLike } from "./request.ts";

/** What a request offers: one token, none, or several that differ. */
export type OfferedToken =
	| { readonly token: string | undefined }
	| { readonly conflict: true };

/** Reads the token of a request from its query, header and subprotocols. */
export function readToken(request: RequestLike): OfferedToken {
	const tokens = new Set([
		...queryTokens(request),
		...bearerTokens(request),
		...subprotocolTokens(request),
	]);
	const [token] = tokens;
	return tokens.size > 1 ? { conflict: true } : { token };
}

/** Whether two tokens are equal, in a time that tells nothing of where they differ. */
export function isSameToken(expected: string, offered: string): boolean {
	return timingSafeEqual(digest(expected), digest(offered));
}

function queryTokens(request: RequestLike): string[] {
	return request.url?.includes("?") ? queryOf(request).getAll("token") : [];
}

function bearerTokens({ headers }: RequestLike): string[] {
	const match = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "");
	return match?.[1] ? [match[1]] : [];
}

function subprotocolTokens({ headers }: RequestLike): string[] {
	const offered = headers["sec-websocket-protocol"];
	if (offered === undefined) return [];
	return offered
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX))
		.map((name) => name.slice(TOKEN_SUBPROTOCOL_PREFIX.length))
		.map((encoded) => Buffer.from(encoded, "base64url").toString());
}

/** Digests have one length, which `timingSafeEqual` asks for. */
function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}
