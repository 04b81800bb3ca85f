/** Errors of the gateway's own, as bugs would be. */
import { onTestFinished, vi } from "vitest";

/** The next of the gateway's messages of this type cannot be written. */
export function plantError(type: string): void {
	const write = Buffer.prototype.write;
	const spy = vi.spyOn(Buffer.prototype, "write");
	spy.mockImplementation(function (this: Buffer, ...given: unknown[]) {
		if (!String(given[0]).startsWith(`{"type":"${type}"`))
			return Reflect.apply(write, this, given);
		spy.mockRestore();
		throw new Error("planted");
	});
	onTestFinished(() => spy.mockRestore());
}
