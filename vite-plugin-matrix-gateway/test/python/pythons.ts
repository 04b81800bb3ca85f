/** The Pythons to test with: with the `websockets` of the system, and with the newest. */
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { CLIENT, findPython } from "../support/python.ts";

export interface Python {
	/** As in "websockets 10.4". */
	readonly name: string;
	readonly command: string;
	/** What it needs to find the client and its `websockets`. */
	readonly env: Readonly<Record<string, string>>;
	/** Why there is none: its tests are skipped then, and say so. */
	readonly missing?: string;
}

/** The package's folder. */
export const PACKAGE = fileURLToPath(new URL("../../python", import.meta.url));

/** Where `.ci/run` puts the newest one, with pip. */
const NEWEST =
	process.env.MATRIX_NEWEST_WEBSOCKETS ??
	fileURLToPath(
		new URL("../../../node_modules/.cache/websockets", import.meta.url),
	);

const SYSTEM = find([CLIENT]) ?? {
	...{ name: "the system's websockets", command: "python3", env: {} },
	missing: "no Python 3.11 with `websockets` (apt install python3-websockets)",
};

const NEW = (existsSync(NEWEST) && find([CLIENT, NEWEST])) || {
	...{ name: "the newest websockets", command: "python3", env: {} },
	missing:
		"it is not there (pip install --target node_modules/.cache/websockets websockets)",
};

/** In CI the newest alone may be out of reach. */
export const PYTHONS: readonly Python[] = [SYSTEM, NEW];

if (SYSTEM.missing && process.env.CI) throw new Error(SYSTEM.missing);

function find(path: readonly string[]): Python | undefined {
	const env = {
		PYTHONPATH: path.join(delimiter),
		PYTHONDONTWRITEBYTECODE: "1",
	};
	const code =
		"import sys, websockets.version as v; sys.version_info >= (3, 11) or sys.exit(1); print(v.version)";
	const found = findPython(code, env);
	if (!found) return undefined;
	return { name: `websockets ${found.printed}`, command: found.command, env };
}
