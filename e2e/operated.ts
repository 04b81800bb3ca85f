/** A sidecar that is operated: who may look at its console, and who may not. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TOKENS = [
	{ name: "ops", token: "ops-token", operate: true },
	{ name: "all", token: "all-token", operate: true, overhear: true },
	{ name: "agents", token: "agent-token" },
];

/** Its flags, with a folder of its own. */
export function operatedFlags(): readonly string[] {
	const folder = mkdtempSync(join(tmpdir(), "matrix-console-"));
	const tokens = join(folder, "tokens.json");
	writeFileSync(tokens, JSON.stringify(TOKENS));
	const data = join(folder, "data");
	return ["--console", "--tokens", tokens, "--data", data];
}
