import { checkAmount } from "../../core/protocol/options.ts";
import { DEFAULTS } from "../../core/protocol/protocol.ts";

/** Which JSON Web Tokens are right [AUTH8]. One of `secret` and `jwks` is needed. */
export interface JwtOptions {
	/** What signs them, by HS256: a secret of 32 bytes at least, or who has one token can guess it. */
	readonly secret?: string | undefined;
	/**
	 * The URL of a JSON Web Key Set, whose keys check their signatures: by RS256, PS256, ES256, the
	 * longer ones of these, or EdDSA.
	 */
	readonly jwks?: string | undefined;
	/**
	 * Who has to have issued them (`iss`), or one of several.
	 * @default anybody whose signature is right
	 */
	readonly issuer?: string | readonly string[] | undefined;
	/**
	 * For whom they have to be (`aud`), or one of several. An issuer of tokens for others too needs it.
	 * @default for anybody
	 */
	readonly audience?: string | readonly string[] | undefined;
	/**
	 * Milliseconds by which the clock of who issues them may be another one.
	 * @default 5_000
	 */
	readonly clockSkew?: number | undefined;
}

/** @throws TypeError in a full sentence, which does not show the secret; RangeError. */
export function checkJwt(options: JwtOptions): void {
	const { secret, jwks, issuer, audience } = options;
	if ((secret === undefined) === (jwks === undefined))
		throw new TypeError("`jwt` needs a `secret` or a `jwks`, and not both.");
	if (secret !== undefined && (typeof secret !== "string" || secret === ""))
		throw new TypeError("`jwt.secret` is a text that is not empty.");
	if (jwks !== undefined && !isHttpUrl(jwks))
		throw new TypeError("`jwt.jwks` is a URL, http: or https:.");
	for (const [name, value] of Object.entries({ issuer, audience }))
		if (value !== undefined && ![value].flat().every(isText))
			throw new TypeError(`\`jwt.${name}\` is a text, or a list of texts.`);
	checkAmount("jwt.clockSkew", options.clockSkew ?? DEFAULTS.clockSkew);
}

/** Whether keys can be fetched from there. */
export function isHttpUrl(text: string): boolean {
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isText(value: unknown): boolean {
	return typeof value === "string" && value !== "";
}
