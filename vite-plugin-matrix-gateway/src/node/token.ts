/** Where a token may be, and whether it is the right one [CON2]. */
import { createHash, timingSafeEqual } from "node:crypto";
import { TOKEN_SUBPROTOCOL_PREFIX } from "../core/protocol/protocol.ts";
import type { RequestLike } from "./request.ts";

/** All that may be the token of a request, each text once, in the order in which it is judged. */
export interface OfferedTokens {
	/** From the subprotocols and the query, where whoever connects has put it. */
	readonly own: readonly string[];
	/** From `Authorization`, where a page can put nothing, and a proxy before us may. */
	readonly header: readonly string[];
}

/** What a client puts into one request and we read: its host's function may be slow [AUTH3]. */
const MAX_OWN = 6;

/** Reads what a request offers in its subprotocols, query and header. */
export function readTokens(request: RequestLike): OfferedTokens {
	const own = [...subprotocolTokens(request), ...queryTokens(request)];
	return {
		own: usable(own).slice(0, MAX_OWN),
		header: usable(bearerTokens(request)),
	};
}

/** Those of the subprotocols alone. */
export function subprotocolTokens({ headers }: RequestLike): string[] {
	const offered = headers["sec-websocket-protocol"];
	if (offered === undefined) return [];
	return offered
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX))
		.map((name) => name.slice(TOKEN_SUBPROTOCOL_PREFIX.length))
		.map((encoded) => Buffer.from(encoded, "base64url").toString());
}

/** Whether a text can be offered as a token: one that UTF-8 does not carry would be another's equal. */
export function isToken(text: string): boolean {
	return (
		text !== "" &&
		!text.includes(REPLACEMENT) &&
		Buffer.from(text).toString() === text
	);
}

/** Whether two tokens are equal, in a time that tells nothing of where they differ. */
export function isSameToken(expected: string, offered: string): boolean {
	return timingSafeEqual(digest(expected), digest(offered));
}

/**
 * What a token is known by where it is not to be seen: its SHA-256, as base64url. The key of its
 * grant.
 */
export function digestOf(text: string): string {
	return createHash("sha256").update(text).digest("base64url");
}

/**
 * The keys that a token may be known by. A JSON Web Token is one by what is signed: its signature can
 * be written in several ways, all of them good.
 */
export function keysOf(token: string): readonly string[] {
	const signed = signedPartOf(token);
	return [digestOf(token), ...(signed === undefined ? [] : [digestOf(signed)])];
}

/** What of a JSON Web Token is signed; undefined where it has not the form of one. */
export function signedPartOf(token: string): string | undefined {
	return /^([\w-]+\.[\w-]+)\.[\w=+/-]*$/.exec(token)?.[1];
}

/** What a decoder makes of any bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

function usable(texts: readonly string[]): string[] {
	return [...new Set(texts)].filter(isToken);
}

/**
 * A `+` is itself, as in any URL, or a space, as forms write it. One text does not tell which,
 * so both readings are offered, the first one first. Nobody gets in by that who would not by
 * `%2B` or `%20`.
 */
// Nothing is made where there is nothing to read: of a join that is 10 µs of 450.
function queryTokens({ url = "" }: RequestLike): string[] {
	const start = url.indexOf("?");
	if (start === -1) return [];
	const query = url.slice(start + 1);
	const read = (text: string) => new URLSearchParams(text).getAll("token");
	if (!query.includes("+")) return read(query);
	const asForm = read(query);
	const asUrl = read(query.replaceAll("+", "%2B"));
	return asUrl.flatMap((token, index) => [token, asForm[index] ?? token]);
}

/** Some write what is not ASCII in Latin 1, as Node does, and some in UTF-8, as curl. */
function bearerTokens({ headers }: RequestLike): string[] {
	const match = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "");
	return match?.[1] ? [match[1], asUtf8(match[1])] : [];
}

/** Node reads the bytes of a header as Latin 1. */
function asUtf8(text: string): string {
	return /[\x80-\xff]/.test(text)
		? Buffer.from(text, "latin1").toString()
		: text;
}

/** Digests have one length, which `timingSafeEqual` asks for. */
function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}
