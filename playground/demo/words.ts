/** Numbers, ages and names, as people say them. */

const NUMBERS = [
	"no",
	"one",
	"two",
	"three",
	"four",
	"five",
	"six",
	"seven",
	"eight",
	"nine",
	"ten",
	"eleven",
	"twelve",
	...["thirteen", "fourteen", "fifteen", "sixteen", "seventeen"],
	...["eighteen", "nineteen", "twenty"],
];

export function numberWord(count: number): string {
	return NUMBERS[count] ?? String(count);
}

/** "two trees", "one tree". */
export function counted(count: number, noun: string): string {
	return `${numberWord(count)} ${count === 1 ? noun : plural(noun)}`;
}

export function plural(noun: string): string {
	if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
	return /(s|sh|ch)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** "an oak", "a fir". */
export function withArticle(noun: string): string {
	return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** How long a time is, roughly. */
export function ageWord(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	if (seconds < 20) return "a moment";
	if (seconds < 50) return "half a minute";
	const minutes = Math.round(seconds / 60);
	if (minutes <= 1) return "a minute";
	if (minutes < 60) return `${numberWord(minutes)} minutes`;
	const hours = Math.round(minutes / 60);
	if (hours < 48) return hours === 1 ? "an hour" : `${numberWord(hours)} hours`;
	return `${numberWord(Math.round(hours / 24))} days`;
}

export function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A stranger's words made safe to repeat: one line, printable, and short. */
export function quotable(text: string, limit: number): string {
	// Whoever is quoted may write what turns lines around or cannot be seen.
	const plain = text.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
	const letters = [...plain];
	if (letters.length <= limit) return plain;
	return `${letters
		.slice(0, limit - 1)
		.join("")
		.trimEnd()}…`;
}
