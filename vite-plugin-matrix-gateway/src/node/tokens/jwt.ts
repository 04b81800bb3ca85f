/** JSON Web Tokens as grants [AUTH8]: the only file that knows the package which checks them. */
import type {
	CryptoKey,
	JWTPayload,
	JWTVerifyOptions,
	JWTVerifyResult,
} from "jose";
import type { Grant } from "../../core/protocol/grant.ts";
import { DEFAULTS } from "../../core/protocol/protocol.ts";
import type { Authenticate } from "../authenticate.ts";
import { digestOf, signedPartOf } from "../token.ts";
import { findWrong, NAME, RIGHTS } from "./grant-fields.ts";
import type { JwtOptions } from "./jwt-options.ts";

/**
 * Says what a JSON Web Token allows. One that has ended allows it until then; what it throws says
 * nothing about a token, such as that no keys could be fetched.
 */
export function createJwtJudge(options: JwtOptions): Authenticate {
	const { clockSkew = DEFAULTS.clockSkew } = options;
	const verifying = createVerify(options, clockSkew);
	// Who asks is told.
	verifying.catch(() => {});
	return async (token) => {
		const signed = token && signedPartOf(token);
		if (!token || !signed) return null;
		const verify = await verifying;
		const key = digestOf(signed);
		try {
			return toGrant(await verify(token), { clockSkew, key });
		} catch (error) {
			const { code = "", payload } = error as JoseError;
			if (code === "ERR_JWT_EXPIRED" && payload)
				return toGrant(payload, { clockSkew, key });
			if (FAULTS_OF_TOKENS.has(code)) return null;
			throw error;
		}
	};
}

type Verify = (token: string) => Promise<JWTPayload>;

interface JoseError {
	readonly code?: string;
	readonly payload?: JWTPayload;
}

/** Those of a key set are signatures that whoever has its public keys cannot make. */
const OF_KEYS = [
	...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
	...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

const FAULTS_OF_TOKENS: ReadonlySet<string> = new Set([
	"ERR_JOSE_ALG_NOT_ALLOWED",
	"ERR_JOSE_NOT_SUPPORTED",
	"ERR_JWKS_NO_MATCHING_KEY",
	"ERR_JWS_INVALID",
	"ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
	"ERR_JWT_CLAIM_VALIDATION_FAILED",
	"ERR_JWT_INVALID",
]);

async function createVerify(
	{ secret, jwks, issuer, audience }: JwtOptions,
	clockSkew: number,
): Promise<Verify> {
	const { jwtVerify, createRemoteJWKSet } = await loadJose();
	const rules: JWTVerifyOptions = {
		clockTolerance: clockSkew / 1_000,
		...(issuer !== undefined && { issuer: [issuer].flat() }),
		...(audience !== undefined && { audience: [audience].flat() }),
	};
	if (jwks === undefined) {
		const key = new TextEncoder().encode(secret);
		const pinned = { ...rules, algorithms: ["HS256"] };
		return async (token) => (await jwtVerify(token, key, pinned)).payload;
	}
	const keys = createRemoteJWKSet(new URL(jwks));
	const pinned = { ...rules, algorithms: OF_KEYS };
	return async (token) => {
		try {
			return (await jwtVerify(token, keys, pinned)).payload;
		} catch (error) {
			return tryEach(error, (key) => jwtVerify(token, key, pinned));
		}
	};
}

/** A token that names no key may be signed by any of several, which the error brings. */
async function tryEach(
	error: unknown,
	verify: (key: CryptoKey) => Promise<JWTVerifyResult>,
): Promise<JWTPayload> {
	if ((error as JoseError).code !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS")
		throw error;
	let last: unknown;
	for await (const key of error as AsyncIterable<CryptoKey>) {
		try {
			return (await verify(key)).payload;
		} catch (failure) {
			last = failure;
			if (
				(failure as JoseError).code !== "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
			)
				break;
		}
	}
	throw last;
}

/** Null where a claim is not what it has to be. */
function toGrant(
	{ sub, exp, ...payload }: JWTPayload,
	{ clockSkew, key }: { readonly clockSkew: number; readonly key: string },
): Grant | null {
	if (sub !== undefined && !NAME.isRight(sub)) return null;
	if (findWrong(payload, RIGHTS) !== undefined) return null;
	const rights = Object.keys(RIGHTS)
		.filter((name) => payload[name] !== undefined)
		.map((name) => [name, payload[name]]);
	return {
		key,
		...(sub !== undefined && { name: sub }),
		...Object.fromEntries(rights),
		...(exp !== undefined && { expires: exp * 1_000 + clockSkew }),
	};
}

async function loadJose() {
	try {
		return await import("jose");
	} catch (cause) {
		throw new Error("`jwt` needs the package jose: npm install jose", {
			cause,
		});
	}
}
