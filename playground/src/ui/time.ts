/** The time of day as the visitor writes it, without seconds. */
export function timeOfDay(date: Date): string {
	// It is one word: no line ends in it.
	return FORMAT.format(date).replace(/\s/g, "\u00a0");
}

/** How long something took, in the words that one would use: `40 s`, `12 min`, `3 h`. */
export function duration(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	if (seconds < 90) return `${seconds} s`;
	const minutes = Math.round(seconds / 60);
	return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const FORMAT = new Intl.DateTimeFormat(undefined, {
	hour: "2-digit",
	minute: "2-digit",
});
