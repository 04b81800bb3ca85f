/** A token, or a function that gets one; null where there is none to be had. */
export type TokenSource =
	| string
	| (() => string | null | Promise<string | null>);

/** Where a client has its tokens from. */
export interface Credentials {
	/** A token, or null; undefined where none is needed. Rejects with what the source throws. */
	get(): Promise<string | null | undefined>;
	/** Whether another one can be had than the one before. */
	readonly canRenew: boolean;
}

export function createCredentials(
	source: TokenSource | undefined,
): Credentials {
	const canRenew = typeof source === "function";
	return { get: async () => (canRenew ? source() : source), canRenew };
}
