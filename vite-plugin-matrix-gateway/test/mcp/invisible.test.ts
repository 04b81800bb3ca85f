/** No character of others comes into a text without being seen. */
import { expect, test } from "vitest";
import { toText } from "../../src/mcp/tools/answer.ts";

const hidden = [
	...["\u{E0041}", "\u200b", "\u202e", "\u2028", "\ufeff", "\u00ad", "\u061c"],
	...["\ufe00", "\ufe0f", "\u{E0100}", "\u{E01EF}", "\u{E0002}", "\u{E0080}"],
	...["\u2065", "\ufff0", "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5"],
	...["\u180b", "\u180f", "\u3164", "\uffa0", "\u2800", "\u{1D159}"],
	...["\u{1D173}", "\u{1BCA0}", "\u{13441}", "\u{16FE4}", "\u0085", "\u007f"],
	...["\u001b", "\ud800", "\u00a0", "\u2003", "\u3000", "\ue000", "\u{F0000}"],
	...["\uffff", "\u{E0FFF}"],
];

test.each(hidden.map((one) => [one.codePointAt(0)?.toString(16), one]))(
	"U+%s is escaped, alone and after an emoji, and reads as before",
	(_, one = "") => {
		const said = `a${one}b \u2764${one}`;
		const text = toText({ [said]: said });
		expect(text).not.toContain(one);
		expect(text).toContain("\\u");
		expect(JSON.parse(text)).toEqual({ [said]: said });
	},
);

test("what is seen comes as it is", () => {
	const said = "Grüße, 你好 привет नमस्ते 😀❤ é e\u0301 – “x” …";
	expect(toText(said)).toBe(JSON.stringify(said));
});
