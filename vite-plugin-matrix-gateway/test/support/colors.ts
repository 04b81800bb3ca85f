const COLOR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

/** What a terminal would show, as plain text. */
export function withoutColors(text: string): string {
	return text.replace(COLOR, "");
}
