/** Which pages may connect [CON3]. */
import { isHostAllowed } from "host-validation-middleware";
import { hostOf, type RequestLike } from "./request.ts";

/** One or more origins: exact text, a pattern, a function, or `*` for any. */
export type OriginRule =
	| string
	| RegExp
	| ((origin: string) => boolean | Promise<boolean>);

/** Who may ask. */
export interface OriginOptions {
	/**
	 * Origins of pages that may connect from elsewhere, such as `https://matrix.example`.
	 * The page's own host may always connect (without a token see `allowedHosts`), and so may
	 * whoever sends no `Origin`, as agents do.
	 * @default []
	 */
	readonly allowedOrigins?: readonly OriginRule[];
	/**
	 * Host names under which this gateway is known, besides localhost and IP addresses. They
	 * are looked at where there is no token, since DNS rebinding makes any name lead here.
	 * A leading dot covers subdomains; `true` covers all names.
	 * @default the hosts of `allowedOrigins`
	 */
	readonly allowedHosts?: readonly string[] | true;
	/**
	 * Believes `X-Forwarded-Host` and `X-Forwarded-For`. Only behind a proxy that sets them.
	 * @default false
	 */
	readonly trustProxy?: boolean;
}

/** Whether the page that a request comes from, if any, may connect. */
export async function isOriginAllowed(
	request: RequestLike,
	options: OriginOptions,
	hasToken: boolean,
): Promise<boolean> {
	const { origin } = request.headers;
	if (origin === undefined) return true;
	for (const rule of options.allowedOrigins ?? [])
		if (await matches(rule, origin)) return true;
	return (
		isSameHost(origin, hostOf(request, options.trustProxy ?? false)) &&
		(hasToken || isHostKnown(request, options))
	);
}

/** Whether the name under which a request came is one of ours. */
export function isHostKnown(
	request: RequestLike,
	options: OriginOptions,
): boolean {
	const host = hostOf(request, options.trustProxy ?? false);
	const known = options.allowedHosts ?? hostsOf(options.allowedOrigins);
	if (known === true) return true;
	return (
		host !== undefined && HOST_FORM.test(host) && isHostAllowed(host, known)
	);
}

/** A name or an address, and a port: nothing before it such as `user@`, and no path behind. */
const HOST_FORM = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i;

/** The host names of those rules that are exact origins. */
export function hostsOf(rules: readonly OriginRule[] = []): string[] {
	return rules
		.filter((rule) => typeof rule === "string")
		.filter((origin) => URL.canParse(origin))
		.map((origin) => new URL(origin).hostname);
}

async function matches(rule: OriginRule, origin: string): Promise<boolean> {
	if (typeof rule === "string") return rule === "*" || rule === origin;
	// A pattern with the flag `g` or `y` would remember where it matched last.
	if (rule instanceof RegExp) return origin.search(rule) !== -1;
	return await rule(origin);
}

function isSameHost(origin: string, host: string | undefined): boolean {
	const own = authority(`http://${host}`);
	return host !== undefined && own !== undefined && authority(origin) === own;
}

/** Host and port, in lower case, without a default port; undefined for what is no URL. */
function authority(url: string): string | undefined {
	if (!URL.canParse(url)) return undefined;
	const { hostname, port } = new URL(url);
	return port === "" || port === "80" || port === "443"
		? hostname
		: `${hostname}:${port}`;
}
