const FORM =
	/^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * A time in ISO 8601, in milliseconds since 1970. One without a zone would be another time on
 * another machine, and is none; nor is a day that its month does not have.
 */
export function parseTime(text: unknown): number | undefined {
	const [, year, month, day] =
		(typeof text === "string" && FORM.exec(text)) || [];
	if (typeof text !== "string" || day === undefined) return undefined;
	// The last day of a month is the one before the next one's first.
	const lastDay = new Date(
		Date.UTC(Number(year), Number(month), 0),
	).getUTCDate();
	const time = Date.parse(text);
	return Number(day) > lastDay || Number.isNaN(time) ? undefined : time;
}
