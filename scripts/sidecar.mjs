/** A built sidecar with its console, for the trials: a process of its own, on a port of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** By name: `ops` opens the console and overhears, `all` is for everybody else. */
const TOKENS = [
	{ name: "ops", token: "ops", operate: true, overhear: true },
	{ name: "all", token: "all" },
];

/**
 * Resolves once it listens.
 *
 * @param {readonly string[]} flags Besides the console and the tokens.
 */
export async function startSidecar(flags = []) {
	const tokens = join(mkdtempSync(join(tmpdir(), "matrix-trial-")), "t.json");
	writeFileSync(tokens, JSON.stringify(TOKENS));
	const own = ["--port", "0", "--console", "--tokens", tokens, ...flags];
	const server = spawn(process.execPath, ["sidecar/dist/server.js", ...own], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	return { server, port: await portOf(server) };
}

async function portOf(server) {
	let output = "";
	for await (const chunk of server.stdout) {
		output += chunk;
		const found = /127\.0\.0\.1:(\d+)|0\.0\.0\.0:(\d+)|"port":(\d+)/.exec(
			output,
		);
		if (found) {
			server.stdout.resume();
			return Number(found[1] ?? found[2] ?? found[3]);
		}
	}
	throw new Error(`the server has ended: ${output}`);
}
