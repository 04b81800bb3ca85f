/** Figures as people read them. */

export function toCount(value: number): string {
	if (value < 10_000) return WHOLE.format(value);
	return COMPACT.format(value);
}

export function toRate(value: number): string {
	if (value === 0) return "0";
	if (value < 10) return value.toFixed(1);
	return toCount(Math.round(value));
}

export function toBytes(bytes: number): string {
	if (bytes < 1_000) return `${Math.round(bytes)} B`;
	if (bytes < 1e6) return `${toDigits(bytes / 1e3)} kB`;
	if (bytes < 1e9) return `${toDigits(bytes / 1e6)} MB`;
	return `${toDigits(bytes / 1e9)} GB`;
}

export function toMilliseconds(value: number): string {
	if (value < 10) return `${value.toFixed(value < 1 ? 2 : 1)} ms`;
	if (value < 10_000) return `${Math.round(value)} ms`;
	return `${Math.round(value / 1_000)} s`;
}

/** How long ago, or for how long: `4 s`, `12 min`, `3 h 20 min`. */
export function toDuration(milliseconds: number): string {
	const seconds = Math.max(0, Math.round(milliseconds / 1_000));
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return `${hours} h ${minutes % 60} min`;
	return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** With the milliseconds: messages come closer than seconds. */
export function toClock(at: number): string {
	const date = new Date(at);
	const digits = (value: number, length = 2) =>
		String(value).padStart(length, "0");
	const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
	return `${time.map((part) => digits(part)).join(":")}.${digits(date.getMilliseconds(), 3)}`;
}

const WHOLE = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", {
	notation: "compact",
	maximumFractionDigits: 1,
});

function toDigits(value: number): string {
	return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
