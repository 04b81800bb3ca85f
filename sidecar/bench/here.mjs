import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** @param {string[]} parts of a path below this folder */
export function here(...parts) {
	return join(fileURLToPath(new URL(".", import.meta.url)), ...parts);
}
