/** A clock that tests move, for what keeps accounts of the process's time. */
import { afterEach, beforeEach, vi } from "vitest";

/** It begins at 0 each time, and those accounts bear no time that runs backwards. */
let begin = 0;

/** Has `performance` and timers stand still in the tests of a file, but for `setImmediate`. */
export function useFakeClock(): void {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["performance", "setTimeout"] });
		begin += 1_000_000;
		vi.advanceTimersByTime(begin);
	});

	afterEach(() => {
		vi.useRealTimers();
	});
}
