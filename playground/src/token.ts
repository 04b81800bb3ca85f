/**
 * The token in an address's part after #, as in `#token=s3cret`. A `+` is itself, as in any URL:
 * tokens in base64 have some, and hardly any token has a space.
 */
export function tokenInFragment(hash: string): string | undefined {
	const fragment = hash.slice(1).replaceAll("+", "%2B");
	return new URLSearchParams(fragment).get("token") ?? undefined;
}
