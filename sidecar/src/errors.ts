/** Mistakes and failures that end the process with one line. */

/** Ends the process; its message is one line and holds no token. */
export class ExitError extends Error {
	readonly exitCode: number = 1;
}

/** A mistake on the command line or in the environment. */
export class UsageError extends ExitError {
	override readonly exitCode = 2;
}

/** What was given, on one line and not for ever. */
export function quoted(text: string): string {
	return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
