import {
	SUBPROTOCOL,
	TOKEN_SUBPROTOCOL_PREFIX,
} from "../core/protocol/protocol.ts";
import {
	DEFAULT_WORLD,
	isWorldName,
	WORLD_FORM,
} from "../core/protocol/world-name.ts";
import { environment } from "./environment.ts";

const SCHEMES: Readonly<Record<string, string>> = {
	"http:": "ws:",
	"https:": "wss:",
	"ws:": "ws:",
	"wss:": "wss:",
};

/**
 * The address to connect to: `http` becomes `ws`, in a page a relative URL is
 * resolved against the page's own, and a world is below it [WLD1]. Throws a TypeError
 * where that gives no such URL, or the world has no name that one can have.
 */
export function toSocketUrl(
	address: string | URL,
	world: string = DEFAULT_WORLD,
): string {
	const url = parse(address);
	const scheme = url && SCHEMES[url.protocol];
	if (!scheme)
		throw new TypeError(
			`"${address}" is not a WebSocket address: expected a ws:, wss:, http: or https: URL, or in a page a relative one.`,
		);
	if (!isWorldName(world))
		throw new TypeError(
			`${JSON.stringify(world)} is not the name of a world: expected ${WORLD_FORM}.`,
		);
	url.protocol = scheme;
	// Also where the gateway knows of no worlds.
	if (world !== DEFAULT_WORLD)
		url.pathname = `${url.pathname.replace(/\/$/, "")}/${world}`;
	// The WebSocket of older browsers throws on a fragment.
	url.hash = "";
	return url.href;
}

/**
 * The subprotocols that carry a token, so that it is in no URL and so in no server's
 * log [CON2]. Without a token none is offered: a browser drops a connection on which
 * a proxy has swallowed the answer to an offer, and there is nothing to gain by one.
 */
export function toSubprotocols(token: string | undefined): string[] {
	if (!token) return [];
	return [SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + toBase64Url(token)];
}

function parse(address: string | URL): URL | undefined {
	try {
		return new URL(address, environment.location?.href);
	} catch {
		return undefined;
	}
}

function toBase64Url(text: string): string {
	const bytes = new TextEncoder().encode(text);
	const base64 = btoa(String.fromCharCode(...bytes));
	return base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
