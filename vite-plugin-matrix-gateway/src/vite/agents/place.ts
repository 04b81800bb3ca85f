/** Where in the project's own sources an error comes from, and what stands there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DescribedError, Location } from "../../agents/described-error.ts";
import { pathWithin } from "./path-within.ts";

/** A place in a file. */
export interface Place extends Location {
	readonly file: string;
}

/** What is shown of the source of an error. */
export interface Source {
	readonly place: Place | undefined;
	readonly frame: string | undefined;
}

export function sourceOf(error: DescribedError, root: string): Source {
	const place = placeOf(error, root);
	return { place, frame: error.frame || (place && frameOf(place)) };
}

/** That of a compiler's error, else the innermost call in a file of the project's. */
export function placeOf(
	{ id, loc, stack, message }: DescribedError,
	root: string,
): Place | undefined {
	const file = loc?.file ?? id;
	if (loc && file) return { ...loc, file: inRoot(file, root) };
	for (const [, where = "", line, column] of stack.matchAll(CALL)) {
		const path = where.startsWith("file:") ? fileURLToPath(where) : where;
		if (isOwn(path, root))
			return { file: path, line: Number(line), column: Number(column) - 1 };
	}
	return importIn(message);
}

/** Where something is imported that is not there: the error of that names the file alone. */
function importIn(message: string): Place | undefined {
	const [, specifier = "", file = ""] = MISSING.exec(message) ?? [];
	const lines = linesOf(file);
	const line = lines.findIndex((text) => text.includes(specifier)) + 1;
	if (line === 0) return undefined;
	return { file, line, column: lines[line - 1]?.indexOf(specifier) ?? 0 };
}

/** As packages are missed, and files. */
const MISSING =
	/^(?:Cannot find \w+|Failed to load url) '?(.+?)'? (?:imported from|\(resolved id: .*\) in) '?(.+?)'?(?:\. Does the file exist\?)?$/m;

/** Some compilers name a file as a browser asks for it. */
function inRoot(file: string, root: string): string {
	const path = file.replace(/\?.*$/, "");
	return existsSync(path) ? path : join(root, path);
}

/** `at live (/app/agents/ada.ts:3:9)`, also without a name. */
const CALL =
	/^ +at (?:.*? \()?(?:async )?((?:file:\/\/)?[^\s()][^()]*?):(\d+):(\d+)\)?$/gm;

function isOwn(path: string, root: string): boolean {
	if (!/^([/\\]|\w:)/.test(path)) return false;
	const within = pathWithin(root, path);
	return within !== undefined && !within.includes("node_modules");
}

/** Lines before and after the one that is shown. */
const AROUND = 2;

/** The lines around a place, with a mark below it; nothing where the file is not to be read. */
export function frameOf({ file, line, column }: Place): string | undefined {
	const lines = linesOf(file);
	if (line < 1 || line > lines.length) return undefined;
	const first = Math.max(1, line - AROUND);
	const shown = lines.slice(first - 1, line + AROUND);
	const width = String(first + shown.length - 1).length;
	const gutter = (text: string | number) =>
		`${String(text).padStart(width)}  |  `;
	return shown
		.flatMap((text, index) => {
			const number = first + index;
			const own = gutter(number) + expand(text);
			if (number !== line) return own;
			return [
				own,
				`${gutter("")}${" ".repeat(expand(text.slice(0, column)).length)}^`,
			];
		})
		.join("\n");
}

function linesOf(file: string): string[] {
	try {
		return readFileSync(file, "utf8").split(/\r?\n/);
	} catch {
		return [];
	}
}

function expand(text: string): string {
	return text.replaceAll("\t", "  ");
}
