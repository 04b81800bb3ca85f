/** A value with its keys as they are, and a type for each plain value. Of an array the first item counts for all. */
export function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
	if (typeof value !== "object" || value === null) return typeof value;
	const entries = Object.entries(value);
	return Object.fromEntries(entries.map(([key, item]) => [key, shapeOf(item)]));
}
