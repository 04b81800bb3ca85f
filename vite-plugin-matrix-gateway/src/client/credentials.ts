/** A token, or where to get one. */
export type TokenSource = string | (() => string | Promise<string>);

/** The token in use. */
export interface Credentials {
	/** The token; calls the source where there is none yet. Rejects with what the source throws. */
	get(): Promise<string | undefined>;
	/** Forgets a token that has expired. False where no function can get another. */
	renew(): boolean;
}

/** Keeps the token of a source until it expires. */
export function createCredentials(
	source: TokenSource | undefined,
): Credentials {
	const isFixed = typeof source !== "function";
	let token = isFixed ? source : undefined;

	return {
		async get() {
			if (!isFixed) token ??= await source();
			return token;
		},
		renew() {
			if (!isFixed) token = undefined;
			return !isFixed;
		},
	};
}
