/** Where a Python is, and where it finds the client of this repository. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Of the PYTHONPATH. */
export const CLIENT: string = fileURLToPath(
	new URL("../../python/src", import.meta.url),
);

/** The one that is named, then Debian's: the first of the PATH may not see the system's packages. */
const CANDIDATES = [
	...(process.env.MATRIX_PYTHON ? [process.env.MATRIX_PYTHON] : []),
	"/usr/bin/python3",
	"python3",
	"python",
];

export interface FoundPython {
	readonly command: string;
	/** What the code has printed, without the space around it. */
	readonly printed: string;
}

/** The first one that can run this code. */
export function findPython(
	code: string,
	env: Readonly<Record<string, string>> = {},
): FoundPython | undefined {
	for (const command of CANDIDATES) {
		const { status, stdout } = spawnSync(command, ["-c", code], {
			env: { ...process.env, ...env },
			encoding: "utf8",
		});
		if (status === 0) return { command, printed: stdout.trim() };
	}
	return undefined;
}
