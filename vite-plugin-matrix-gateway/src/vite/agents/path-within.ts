import { isAbsolute, relative, sep } from "node:path";

/** The path from a folder to what lies in it; undefined where it lies elsewhere, as on another drive of Windows. */
export function pathWithin(folder: string, path: string): string | undefined {
	const way = relative(folder, path);
	const isOutside =
		way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
	return isOutside ? undefined : way;
}
