/** Whether the operator's console is served, and to whom [OPS1]. */

/** What an operator sees and does in a browser. */
export interface ConsoleOption {
	/**
	 * Serves the console at `/__matrix/`, a page that shows who is connected and what is said, to whoever
	 * has a grant that says `operate` [OPS1].
	 * @default false
	 */
	readonly console?: boolean | ConsoleSettings | undefined;
}

/** What a host may say of its console. */
export interface ConsoleSettings {
	/**
	 * Lets in whoever is let in at all, with all that a console may do: for development, where nobody but the
	 * developer is meant to reach the server.
	 * @default false
	 */
	readonly isOpen?: boolean;
	/** Ends the gateway, for the button that does; without it there is none. */
	readonly drain?: (() => void) | undefined;
	/** The folder in which a world is kept, where it is in one: what it has of the past is shown. */
	readonly dataOf?: ((world: string) => string | undefined) | undefined;
	/**
	 * The folder of the built page.
	 * @default that of this package
	 */
	readonly folder?: string | undefined;
}

/** Where it is. All else of it is below. */
export const CONSOLE_PATH = "/__matrix";

/** Whether a path is the console's. */
export function isConsolePath(path: string): boolean {
	return path === CONSOLE_PATH || path.startsWith(`${CONSOLE_PATH}/`);
}

/** The settings where it is to be served. */
export function consoleOf({
	console: option = false,
}: ConsoleOption): ConsoleSettings | undefined {
	if (option === false) return undefined;
	return option === true ? {} : option;
}
