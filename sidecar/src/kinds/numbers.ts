/** Numbers, and what is measured by them. */
import type { Kind } from "./kind.ts";

/** A whole number in a range. */
export function wholeNumber(
	minimum: number,
	maximum: number,
	placeholder = "number",
): Kind<number> {
	return {
		placeholder,
		expected: `a whole number from ${minimum} to ${maximum}`,
		parse(text) {
			const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
			return value >= minimum && value <= maximum ? value : undefined;
		},
	};
}

/** A duration. Node's timers fire at once when they are given more than 31 bits. */
export const milliseconds = wholeNumber(0, 2 ** 31 - 1, "ms");

/** A size. 0 would mean "no limit" to ws, and more than 31 bits would overflow there. */
export const bytes = wholeNumber(1, 2 ** 31 - 1, "bytes");

/** How many there may be. */
export const count = wholeNumber(0, 2 ** 31 - 1);

/** At least one. */
export const oneOrMore = wholeNumber(1, 2 ** 31 - 1);
