/** Who may connect, as an operator has chosen. */
import {
	type AccessOptions,
	speakAsOf,
} from "vite-plugin-matrix-gateway/server";
import { UsageError } from "./errors.ts";
import type { Logger } from "./logging.ts";
import type { Settings } from "./settings.ts";

/** @throws UsageError where settings exclude each other. */
export function checkTogether(settings: Settings): void {
	const { data, redis, token, tokens, jwtSecret, jwtJwks } = settings;
	if (data !== undefined && redis !== undefined)
		throw new UsageError(
			"--data and --redis exclude each other: a world is in a folder or in Redis",
		);
	if (token !== undefined && tokens !== undefined)
		throw new UsageError(
			"--token and --tokens exclude each other: a token that everybody uses can be an entry of the file",
		);
	if (jwtSecret !== undefined && jwtJwks !== undefined)
		throw new UsageError("--jwt-secret and --jwt-jwks exclude each other");
	const hasJwt = jwtSecret !== undefined || jwtJwks !== undefined;
	if (token !== undefined && hasJwt)
		throw new UsageError(
			"--token excludes --jwt-secret and --jwt-jwks: --tokens goes together with them",
		);
	if (!hasJwt && (settings.jwtIssuer ?? settings.jwtAudience))
		throw new UsageError(
			"--jwt-issuer and --jwt-audience need --jwt-secret or --jwt-jwks",
		);
}

/** The settings, with what they say of tokens in the gateway's words. */
export function accessOf(
	settings: Settings,
): Settings & Pick<AccessOptions, "jwt"> {
	const access = { ...settings, ...jwtOf(settings) };
	return { ...access, ...speakAsOf(access) };
}

/** What is right of JSON Web Tokens, where there are any. */
function jwtOf(settings: Settings): Pick<AccessOptions, "jwt"> {
	const { jwtSecret, jwtJwks, jwtIssuer, jwtAudience, jwtClockSkew } = settings;
	const given = { secret: jwtSecret, jwks: jwtJwks, issuer: jwtIssuer };
	if (jwtSecret === undefined && jwtJwks === undefined) return {};
	return { jwt: { ...given, audience: jwtAudience, clockSkew: jwtClockSkew } };
}

/** RFC 7518 has it so long: who has one token tries all shorter ones. */
const SECRET_BYTES = 32;

export function warnOfSecret(log: Logger, { jwtSecret }: Settings): void {
	if (jwtSecret !== undefined && Buffer.byteLength(jwtSecret) < SECRET_BYTES)
		log.warn(
			{ event: "weakSecret" },
			"--jwt-secret has less than 32 bytes: whoever has one token can find it out",
		);
}
