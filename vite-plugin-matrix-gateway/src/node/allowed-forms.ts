/** What an operator may list as allowed, in the one form that is compared [CON3]. */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { TrustProxy } from "./proxies.ts";

/** One or more origins: an origin's text, a pattern, a function, or `*` for any. */
export type OriginRule =
	| string
	| RegExp
	| ((origin: string) => boolean | Promise<boolean>);

/** Who may ask. */
export interface OriginOptions {
	/**
	 * Origins of pages that may connect from elsewhere, such as `https://matrix.example`.
	 * The page's own host may always connect (without a token see `allowedHosts`), and so may
	 * whoever sends no `Origin`, as agents do. Upper case, a default port and a slash at the end
	 * make no difference; a text that no page can match, as one without a scheme or with a path,
	 * is an error at the start. `null` is the origin of sandboxed and of local pages, whose ever.
	 * @default []
	 */
	readonly allowedOrigins?: readonly OriginRule[];
	/**
	 * Host names under which this gateway is known, besides localhost and IP addresses. They
	 * are looked at where there is no token, since DNS rebinding makes any name lead here.
	 * A leading dot covers subdomains; `true` covers all names. A text that is no host name, as
	 * one with a port, is an error at the start.
	 * @default the hosts of `allowedOrigins`
	 */
	readonly allowedHosts?: readonly string[] | true;
	/**
	 * Whose `X-Forwarded-Host`, `X-Forwarded-Port` and `X-Forwarded-For` are believed: those of the
	 * proxies with these addresses or in these networks, such as `10.0.0.0/8`, of which there may be
	 * several in a row; or with `true` everybody's, as one proxy's, which is for where nobody else can
	 * reach the gateway: whoever can has any address, and any host for its page.
	 * @default false
	 */
	readonly trustProxy?: TrustProxy;
}

/**
 * An origin as browsers write it: lower case, no default port, no path; or `*`, or `null`.
 * Undefined for what no browser writes.
 */
export function parseOrigin(text: string): string | undefined {
	if (text === "*" || text === "null") return text;
	// Chromium's origin of a local page, in apps that show such.
	if (/^file:\/{2,3}$/i.test(text)) return "file://";
	if (!ORIGIN_FORM.test(text) || !URL.canParse(text)) return undefined;
	const { protocol, host, origin } = new URL(text);
	if (PAGELESS.has(protocol)) return undefined;
	// Origins of apps (`capacitor://localhost`) have no form that a URL parser knows.
	return origin === "null" ? `${protocol}//${host}` : origin;
}

/**
 * A host name in lower case, with a leading dot where it stands for its subdomains too.
 * Undefined for what is no name: one with a port, a scheme or a `*`.
 */
export function parseHost(text: string): string | undefined {
	const bare = text.replace(/^\[(.*)\]$/, "$1");
	// These are known anyway, so it does no harm to name them.
	if (isIP(bare) === 6) return `[${bare.toLowerCase()}]`;
	const dot = text.startsWith(".") ? "." : "";
	const name = text.slice(dot.length);
	if (/[/?#@:\\%]/.test(name)) return undefined;
	const ascii = domainToASCII(name);
	return HOST_NAME.test(ascii) && !(dot && isIP(ascii))
		? dot + ascii
		: undefined;
}

/**
 * The same options in the form that is compared.
 * @throws TypeError that names the entry which can match nothing.
 */
export function resolveOrigins<Options extends OriginOptions>(
	options: Options,
): Options {
	const { allowedOrigins, allowedHosts } = options;
	return {
		...options,
		...(allowedOrigins && {
			allowedOrigins: mapList("allowedOrigins", allowedOrigins, toOriginRule),
		}),
		...(allowedHosts &&
			allowedHosts !== true && {
				allowedHosts: mapList("allowedHosts", allowedHosts, toHost),
			}),
	};
}

const ORIGIN_FORM = /^[a-z][a-z\d+.-]*:\/\/[^/?#@*\s\\]+\/?$/i;

/** Schemes of which no page has its origin: a gateway's address is not its page's. */
const PAGELESS: ReadonlySet<string> = new Set([
	"ws:",
	"wss:",
	"ftp:",
	"file:",
	"data:",
	"blob:",
	"about:",
]);

const HOST_NAME = /^[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?$/;

function toOriginRule(rule: OriginRule): OriginRule {
	if (rule instanceof RegExp || typeof rule === "function") return rule;
	const origin = typeof rule === "string" ? parseOrigin(rule) : undefined;
	if (origin !== undefined) return origin;
	throw new TypeError(
		`An entry of \`allowedOrigins\` is an origin as a browser sends it, such as "https://matrix.example", with a scheme and without a path; or "*", "null", a RegExp or a function. But ${shown(rule)} was given, which no page can match.`,
	);
}

function toHost(text: string): string {
	const host = typeof text === "string" ? parseHost(text) : undefined;
	if (host !== undefined) return host;
	throw new TypeError(
		`An entry of \`allowedHosts\` is a host name such as "matrix.example", or ".matrix.example" with all its subdomains, without a scheme or a port. But ${shown(text)} was given, which no host can match.`,
	);
}

/** A string for a list would be taken letter by letter. */
function mapList<Item>(
	name: string,
	list: readonly Item[],
	map: (item: Item) => Item,
): Item[] {
	if (Array.isArray(list)) return list.map(map);
	throw new TypeError(`\`${name}\` is a list, but ${shown(list)} was given.`);
}

function shown(value: unknown): string {
	return typeof value === "string" ? JSON.stringify(value) : String(value);
}
