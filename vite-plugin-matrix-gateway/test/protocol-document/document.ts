/** PROTOCOL.md, taken apart. */
import { readFileSync } from "node:fs";
import { escapePattern } from "./escape-pattern.ts";

const TEXT = readFileSync(
	new URL("../../PROTOCOL.md", import.meta.url),
	"utf8",
);

/** The same without the comments in code, which look like headings. */
const OUTLINE = TEXT.replace(/^```[\s\S]*?^```/gm, (block) =>
	block.replace(/^#/gm, " "),
);

/** A numbered conversation, and what is played in it. */
export interface Conversation {
	readonly title: string;
	readonly lines: readonly string[];
}

/** The IDs of the rules that a document states, in their order. */
export function readRules(text = TEXT): string[] {
	const statements = [...text.matchAll(/^- \*\*\[([A-Z]+\d+)\]\*\* /gm)];
	return statements.map(([, id = ""]) => id);
}

/** The rules, and families of rules, that a text refers to, other than where it states them. */
export function readReferences(text = TEXT): string[] {
	const references = text.matchAll(/\[([A-Z]+\d*(?:, [A-Z]+\d*)*)\](?!\*\*)/g);
	return [...references].flatMap(([, ids = ""]) => ids.split(", "));
}

/** The titles of the sections right below a heading. */
export function readTitles(heading: string): string[] {
	const titles = readSection(heading).matchAll(/^### (.+)$/gm);
	return [...titles].map(([, title = ""]) => title);
}

/** The rows of the first table in a section, each as its cells without the marks of code. */
export function readTable(heading: string): string[][] {
	const [table = ""] = /^ *\|.+(?:\n *\|.+)*/m.exec(readSection(heading)) ?? [];
	return table
		.split("\n")
		.slice(2)
		.map((line) => line.trim().slice(1, -1).split("|"))
		.map((cells) => cells.map((cell) => cell.trim().replaceAll("`", "")));
}

/** The blocks of code of a language in a section. */
export function readBlocks(heading: string, language: string): string[] {
	const fence = new RegExp(
		`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``,
		"gm",
	);
	return [...readSection(heading).matchAll(fence)].map(([, code = ""]) => code);
}

export function readConversations(): Conversation[] {
	return readTitles("Conversations").map((title) => ({
		title,
		lines: readBlocks(title, "conversation").flatMap(toLines),
	}));
}

/** From a heading to the next of the same rank or a higher one. */
function readSection(title: string): string {
	const heading = new RegExp(`^(#+) ${escapePattern(title)}$`, "m");
	const found = heading.exec(OUTLINE);
	if (!found) throw new Error(`there is no section "${title}"`);
	const start = found.index + found[0].length;
	const rank = found[1]?.length ?? 1;
	const length = OUTLINE.slice(start).search(new RegExp(`^#{1,${rank}} `, "m"));
	return length === -1 ? TEXT.slice(start) : TEXT.slice(start, start + length);
}

/** A line that is indented goes on with the one before. */
function toLines(block: string): string[] {
	return block
		.replace(/\n[ \t]+/g, "")
		.split("\n")
		.filter((line) => line !== "");
}
