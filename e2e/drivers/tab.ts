/** A page in a browser that Playwright does not drive. */

/** What Playwright's `Page` can do too. */
export interface Evaluates {
	evaluate<R>(inPage: () => R | Promise<R>): Promise<R>;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

export interface Tab extends Evaluates {
	/** Loads a page, and resolves once it and all that it names are there. */
	open(url: string): Promise<void>;
	/** Runs a function in the page. What it takes and gives goes through JSON. */
	evaluate<R>(inPage: () => R | Promise<R>): Promise<R>;
	evaluate<R, A>(inPage: (given: A) => R | Promise<R>, given: A): Promise<R>;
	/** Moves mouse and keys: "Perform Actions", of which both protocols have the same form. */
	perform(actions: readonly object[]): Promise<void>;
	resize(size: Size): Promise<void>;
	/** What is seen, as a PNG. */
	screenshot(): Promise<Buffer>;
	/** What the page threw or wrote by `console.error` so far. */
	errors(): Promise<readonly string[]>;
	close(): Promise<void>;
}

export interface Browser {
	newTab(size: Size): Promise<Tab>;
	close(): Promise<void>;
}

/** A call of the function in the page, as an expression: a promise of JSON. */
export function callOf(inPage: unknown, given: unknown): string {
	return `(async () => JSON.stringify(await (${inPage})(${JSON.stringify(given)})))()`;
}

/** What such a call has given. */
export function resultOf<R>(json: unknown): R {
	return (typeof json === "string" ? JSON.parse(json) : undefined) as R;
}
