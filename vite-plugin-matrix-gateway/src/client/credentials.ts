/** A token, or where to get one. */
export type TokenSource = string | (() => string | Promise<string>);

/** The token in use. */
export interface Credentials {
	/** The token; asks the source when there is none yet. Rejects with what the source throws. */
	get(): Promise<string | undefined>;
	/** Lets go of a token that has expired. False where there is no source of another. */
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
