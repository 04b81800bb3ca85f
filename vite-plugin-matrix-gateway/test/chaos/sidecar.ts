/** The built sidecar, with a folder, on a port where it is started again after it was killed. */
import { type Child, start } from "../support/child.ts";
import { SIDECAR_FILE } from "../support/sidecar.ts";

export async function startSidecar(
	port: number,
	folder: string,
	...flags: readonly string[]
): Promise<Child> {
	const fixed = ["--host=127.0.0.1", `--port=${port}`, `--data=${folder}`];
	const child = start(process.execPath, [SIDECAR_FILE, ...fixed, ...flags]);
	await child.printed(/127\.0\.0\.1:(\d+)\//);
	return child;
}
