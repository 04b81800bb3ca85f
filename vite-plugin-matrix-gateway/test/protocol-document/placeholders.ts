/** `<name>` in a conversation stands for a value that differs each time, but not within it. */
import { escapePattern } from "./escape-pattern.ts";

/** The placeholders of one conversation. */
export interface Placeholders {
	/** Puts in what is known, and so many letters for `<200 kB>`. */
	fill(text: string): string;
	/** Whether a text is the expected one; if so, what its new placeholders stand for is known from now on. */
	matches(expected: string, actual: string): boolean;
}

const PLACEHOLDER = /<(\w+)>/g;

export function createPlaceholders(): Placeholders {
	const known = new Map<string, string>();

	function fill(text: string): string {
		return text
			.replace(/<(\d+) kB>/g, (_, size) => "x".repeat(Number(size) * 1_000))
			.replace(PLACEHOLDER, (whole, name) => known.get(name) ?? whole);
	}

	return {
		fill,
		matches(expected, actual) {
			const filled = fill(expected);
			const names = [...filled.matchAll(PLACEHOLDER)].map(([, name]) => name);
			const match = toPattern(filled).exec(actual);
			if (!match) return false;
			const values = match.slice(1);
			// Two names are two values: that is what the reader takes them for.
			if (values.some((value) => [...known.values()].includes(value)))
				return false;
			for (const [index, name] of names.entries())
				known.set(name as string, values[index] as string);
			return true;
		},
	};
}

function toPattern(text: string): RegExp {
	const parts = text.split(/<\w+>/).map(escapePattern);
	return new RegExp(`^${parts.join('([^"]+)')}$`);
}
