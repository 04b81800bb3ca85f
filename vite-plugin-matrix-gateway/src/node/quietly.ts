/** Functions of the host's own program that are told something: their errors are none of ours. */

/** Calls one. What it throws is dropped; so is what it rejects with, where it is asynchronous. */
export function quietly(tell: () => unknown): void {
	try {
		const told = tell();
		// A rejection that nobody handles would end the process.
		if (told instanceof Promise) told.catch(ignore);
	} catch {
		// A log that fails must not take the process with it.
	}
}

function ignore(): void {}
