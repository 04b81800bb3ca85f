/** Who a host lets in, as it is asked to. */
import { checkAmount, type GatewayOptions } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import { type OriginOptions, resolveOrigins } from "./allowed-forms.ts";
import type { Authenticate } from "./authenticate.ts";
import { type Proxies, resolveProxies } from "./proxies.ts";
import { isToken } from "./token.ts";
import { checkJwt, type JwtOptions } from "./tokens/jwt-options.ts";
import type { TokensEvent } from "./tokens/token-file.ts";

/** Who may connect. Without any of these everyone may, within the limits of `OriginOptions`. */
export interface AccessOptions extends OriginOptions {
	/** The one token that everybody uses. Not together with `tokens`, `jwt` or `authenticate`. */
	readonly token?: string | undefined;
	/**
	 * A file of tokens, in JSON, with what each allows [AUTH7]: see PROTOCOL.md. It is followed:
	 * a change counts within a second. Not together with `token` or `authenticate`.
	 */
	readonly tokens?: string | undefined;
	/**
	 * Takes JSON Web Tokens, whose claims say what they allow [AUTH8]: `secret` or `jwks`, `issuer`,
	 * `audience` and `clockSkew`. It needs the package `jose`. Together with `tokens` either lets in;
	 * not together with `token` or `authenticate`.
	 */
	readonly jwt?: JwtOptions | undefined;
	/** Decides for each token [AUTH1]. Not together with `token`, `tokens` or `jwt`. */
	readonly authenticate?: Authenticate | undefined;
	/**
	 * Milliseconds that `authenticate`, or fetching the keys of `jwt`, may take for one request [AUTH2].
	 * @default 10_000
	 */
	readonly authenticateTimeout?: number;
	/**
	 * Told of each change of the file of tokens, for a log: what it brought, or why the file is not
	 * what it has to be, and so is not followed. What it throws is dropped.
	 * @default writes errors to standard error
	 */
	readonly onTokens?: (event: TokensEvent) => void;
}

/**
 * Checks the options, and puts what they list in the form that is compared.
 * @throws TypeError in a full sentence; RangeError where no timer can wait so long.
 */
export function resolveAccess<Options extends AccessOptions>(
	options: Options,
): Options & { readonly proxies: Proxies } {
	const { token, tokens, authenticateTimeout } = options;
	checkTogether(options);
	checkAmount(
		"authenticateTimeout",
		authenticateTimeout ?? DEFAULTS.authenticateTimeout,
	);
	if (token === "")
		throw new TypeError(
			"`token` is empty: leave it out to let everyone in, or give one.",
		);
	if (token !== undefined && (typeof token !== "string" || !isToken(token)))
		throw new TypeError(
			"`token` is not a text that UTF-8 can carry, so nobody could offer it.",
		);
	if (tokens !== undefined && (typeof tokens !== "string" || tokens === ""))
		throw new TypeError("`tokens` is the path of a file.");
	if (options.jwt !== undefined) checkJwt(options.jwt);
	const origins = resolveOrigins(options);
	return { ...origins, proxies: resolveProxies(options.trustProxy) };
}

function checkTogether(options: AccessOptions): void {
	const { token, tokens, jwt, authenticate } = options;
	const given = Object.entries({ token, tokens, jwt, authenticate })
		.filter(([, value]) => value !== undefined)
		.map(([name]) => `\`${name}\``);
	const areBoth = tokens !== undefined && jwt !== undefined;
	if (given.length < (areBoth ? 3 : 2)) return;
	const hint =
		token !== undefined && tokens !== undefined
			? "; a token that everybody uses can be an entry of the file"
			: "";
	throw new TypeError(
		`${given.join(" and ")} exclude each other: give one of them${hint}.`,
	);
}

/**
 * Where each has a token of its own nobody speaks in another's name, unless that is asked for [RT8].
 * For hosts that make the gateway and say who may connect to it.
 */
export function speakAsOf({
	speakAs,
	tokens,
	jwt,
}: Pick<GatewayOptions, "speakAs"> &
	Pick<AccessOptions, "tokens" | "jwt">): Pick<GatewayOptions, "speakAs"> {
	const isForEach = tokens !== undefined || jwt !== undefined;
	const resolved = speakAs ?? (isForEach ? "registered" : undefined);
	return resolved === undefined ? {} : { speakAs: resolved };
}
