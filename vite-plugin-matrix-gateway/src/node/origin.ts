/** Which pages may connect [CON3]. */
import { isHostAllowed } from "host-validation-middleware";
import {
	type OriginOptions,
	type OriginRule,
	parseHost,
} from "./allowed-forms.ts";
import type { Proxies } from "./proxies.ts";
import { forwardedPortOf, hostOf, type RequestLike } from "./request.ts";

/** Which pages an operator lets in, and whose word is taken for the host that they asked for. */
export interface OriginRules
	extends Pick<OriginOptions, "allowedOrigins" | "allowedHosts"> {
	readonly proxies: Proxies;
}

/**
 * Whether the page that a request comes from, if any, may connect. From `other port` it names
 * the host that the request names, and not its port.
 */
export async function judgePage(
	request: RequestLike,
	options: OriginRules,
	hasToken: boolean,
): Promise<"allowed" | "other port" | "foreign"> {
	const { origin } = request.headers;
	if (origin === undefined) return "allowed";
	for (const rule of options.allowedOrigins ?? [])
		if (await matches(rule, origin)) return "allowed";
	if (!hasToken && !isHostKnown(request, options)) return "foreign";
	return compareHosts(origin, request, options.proxies);
}

/** Whether the name under which a request came is one of ours. */
export function isHostKnown(
	request: RequestLike,
	options: OriginRules,
): boolean {
	const host = hostOf(request, options.proxies);
	const known = options.allowedHosts ?? hostsOf(options.allowedOrigins);
	if (known === true) return true;
	const [, name] = HOST_FORM.exec(host ?? "") ?? [];
	// Without its port: `x-extension:80` would be taken for the address of a browser's extension.
	return name !== undefined && isHostAllowed(name.toLowerCase(), known);
}

/** A name or an address, and a port: nothing before it such as `user@`, and no path behind. */
const HOST_FORM = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?$/i;

/** The host names of those rules that are exact origins. */
export function hostsOf(rules: readonly OriginRule[] = []): string[] {
	return (
		rules
			.filter((rule) => typeof rule === "string")
			.filter((origin) => URL.canParse(origin))
			.map((origin) => new URL(origin).hostname)
			// Those of apps may have none, or one that no server has.
			.filter((host) => parseHost(host) !== undefined)
	);
}

async function matches(rule: OriginRule, origin: string): Promise<boolean> {
	if (typeof rule === "string") return rule === "*" || rule === origin;
	// A pattern with the flag `g` or `y` would remember where it matched last.
	if (rule instanceof RegExp) return origin.search(rule) !== -1;
	return await rule(origin);
}

/**
 * A page of another port has another origin, and may be anybody's. But some proxies drop the
 * port of `Host`, and a browser sends the same then: of the two nothing tells which it is, since
 * Chromium sends no `Sec-Fetch-Site` with a WebSocket.
 */
function compareHosts(
	origin: string,
	request: RequestLike,
	proxies: Proxies,
): "allowed" | "other port" | "foreign" {
	const host = hostOf(request, proxies);
	const port = forwardedPortOf(request, proxies);
	const page = authority(origin);
	const own = authority(`http://${host}`);
	if (host === undefined || !page || !own) return "foreign";
	if (page.hostname !== own.hostname) return "foreign";
	const isSamePort =
		page.port === own.port || (own.port === "" && page.port === port);
	return isSamePort ? "allowed" : "other port";
}

/** Host and port, in lower case, without a default port; undefined for what is no URL. */
function authority(url: string) {
	if (!URL.canParse(url)) return undefined;
	const { hostname, port } = new URL(url);
	return { hostname, port: port === "443" || port === "80" ? "" : port };
}
