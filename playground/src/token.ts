import { handOver, type Page } from "./handover.ts";

/**
 * The token in an address's part after #, as in `#token=s3cret`. A `+` is itself, as in any URL:
 * tokens in base64 have some, and hardly any token has a space.
 */
export function tokenInFragment(hash: string): string | undefined {
	const fragment = hash.slice(1).replaceAll("+", "%2B");
	return new URLSearchParams(fragment).get("token") ?? undefined;
}

/** The token that the visitor has typed. */
export interface TypedToken {
	value: string | undefined;
}

/**
 * Keeps it for this tab and its reloads alone. It does not go into the address, which people hand
 * on, and whoever wants it for longer has the browser remember it, as any password.
 */
export function keepTypedToken(gatewayUrl: string, page: Page): TypedToken {
	const typed: TypedToken = { value: undefined };
	const key = `matrix-token/1 ${gatewayUrl}`;
	const handed = handOver(page, key, () => typed.value);
	if (typeof handed === "string") typed.value = handed;
	return typed;
}
