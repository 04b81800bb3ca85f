/** The Pythons to test with: with the `websockets` of the system, and with the newest. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

export interface Python {
	/** As in "websockets 10.4". */
	readonly name: string;
	readonly command: string;
	/** What it needs to find the client and its `websockets`. */
	readonly env: Readonly<Record<string, string>>;
}

/** The package's folder. */
export const PACKAGE = fileURLToPath(new URL("../../python", import.meta.url));

const CLIENT = fileURLToPath(new URL("../../python/src", import.meta.url));

/** Where `.ci/run` puts the newest one, with pip. */
const NEWEST =
	process.env.MATRIX_NEWEST_WEBSOCKETS ??
	fileURLToPath(
		new URL("../../../node_modules/.cache/websockets", import.meta.url),
	);

/** With the system's `websockets`; the first Python of the PATH may not see that. */
const systems = ["/usr/bin/python3", "python3", "python"].flatMap((command) =>
	look(command, [CLIENT]),
);

/** Never none in CI, where the system's is installed; the newest may be out of reach there too. */
export const PYTHONS: readonly Python[] = [
	...systems.slice(0, 1),
	...(existsSync(NEWEST)
		? ["/usr/bin/python3", "python3", "python"]
				.flatMap((command) => look(command, [CLIENT, NEWEST]))
				.slice(0, 1)
		: []),
];

if (PYTHONS.length === 0 && process.env.CI)
	throw new Error("In CI a Python with `websockets` is needed.");
if (PYTHONS.length < 2)
	console.warn(
		PYTHONS.length === 0
			? "Skipped: no Python 3.11 with `websockets` (apt install python3-websockets)."
			: "Skipped with the newest websockets: there is none (pip install --target node_modules/.cache/websockets websockets).",
	);

function look(command: string, path: readonly string[]): Python[] {
	const env = {
		PYTHONPATH: path.join(delimiter),
		PYTHONDONTWRITEBYTECODE: "1",
	};
	const code =
		"import sys, websockets.version as v; sys.version_info >= (3, 11) and print(v.version)";
	const { stdout } = spawnSync(command, ["-c", code], {
		env: { ...process.env, ...env },
		encoding: "utf8",
	});
	const version = stdout?.trim();
	return version ? [{ name: `websockets ${version}`, command, env }] : [];
}
