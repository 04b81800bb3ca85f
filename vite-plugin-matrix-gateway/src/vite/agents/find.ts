import { resolve } from "node:path";
import { globSync } from "tinyglobby";

/** The files that patterns name, as absolute paths. */
export function findAgents(
	root: string,
	patterns: readonly string[],
): string[] {
	const options = { cwd: root, absolute: true, expandDirectories: false };
	return globSync([...patterns], { ...options, ignore: ["**/node_modules/**"] })
		.filter((file) => !file.endsWith(".d.ts"))
		.map((file) => resolve(file))
		.sort();
}
