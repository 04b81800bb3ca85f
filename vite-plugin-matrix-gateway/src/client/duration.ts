/** The longest wait that a timer knows; past it, it would fire at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The wire's seconds as the timers' milliseconds; 0 for what is no duration. */
export function toMilliseconds(seconds: unknown): number {
	const isDuration = typeof seconds === "number" && seconds > 0;
	return isDuration ? Math.min(seconds * 1_000, LONGEST_WAIT) : 0;
}
