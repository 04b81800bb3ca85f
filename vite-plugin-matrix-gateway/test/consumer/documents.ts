/** What stands in the documents: their code and their links. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./pack.ts";

const PAGES = ["CONTRIBUTING.md", "SCALING.md", "SECURITY.md"];

/** Every README of the repository, and the pages that stand beside one, by their paths. */
export const READMES: readonly string[] = execFileSync(
	"git",
	["ls-files", "README.md", "*/README.md", ...PAGES],
	{ cwd: ROOT, encoding: "utf8" },
)
	.trim()
	.split("\n");

/** A piece of code between fences. */
export interface Snippet {
	/** The file and the line that it is from. */
	readonly name: string;
	readonly language: string;
	readonly text: string;
}

/** The pieces of code of a document, by its path. */
export function snippetsOf(file: string): Snippet[] {
	const document = read(file);
	return [...document.matchAll(FENCED)].map((match) => ({
		name: `${file}:${lineOf(document, match.index)}`,
		language: match[1] ?? "",
		text: match[2] ?? "",
	}));
}

/** What a document's links lead to, images included. */
export function linksOf(file: string): string[] {
	const prose = read(file).replace(FENCED, "");
	return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) =>
		String(target),
	);
}

/** The anchors of a document's headings, as git hosts and npm make them. */
export function anchorsOf(file: string): string[] {
	const prose = read(file).replace(FENCED, "");
	return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
		String(title)
			.toLowerCase()
			.replace(/[^\w\s-]/g, "")
			.replaceAll(" ", "-"),
	);
}

const FENCED = /^```(\w*)\n(.*?)^```$/gms;

function read(file: string): string {
	return readFileSync(join(ROOT, file), "utf8");
}

function lineOf(document: string, index: number): number {
	return document.slice(0, index).split("\n").length;
}
