/** What is packed, tried by somebody who has nothing else. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PYTHON } from "./packing.ts";
import { run } from "./run.ts";

/** Starts the sidecar, and has an agent come who says something and hears it. */
const PROGRAM = `import { spawn } from "node:child_process";
import { once } from "node:events";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import "vite-plugin-matrix-gateway";
import "vite-plugin-matrix-gateway/messages";
import "vite-plugin-matrix-gateway/protocol";
import "vite-plugin-matrix-gateway/server";
import { WebSocket } from "ws";

const [file] = process.argv.slice(2);
const flags = ["--host", "127.0.0.1", "--port", "0", "--echo"];
const sidecar = spawn(process.execPath, [file, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
const give = setTimeout(() => { throw new Error("Nobody was heard for 30 s."); }, 30_000);
let told = "";
for await (const piece of sidecar.stdout) {
	told += piece;
	if (/127\\.0\\.0\\.1:\\d+/.test(told)) break;
}
const [address] = /127\\.0\\.0\\.1:\\d+/.exec(told) ?? [];
const matrix = createMatrixClient({ url: \`ws://\${address}/ws/matrix\`, agentId: "ada", WebSocket });
const heard = new Promise((resolve) => matrix.on("bark", resolve));
matrix.send({ type: "bark", agentId: "ada", text: "Hello" });
console.log((await heard).text);
matrix.dispose();
sidecar.kill();
await once(sidecar, "exit");
clearTimeout(give);
`;

/** Installs both packages of npm in an empty project, and runs the sidecar from there and as a file alone. */
export function tryNpm(out: string, folder: string, version: string): void {
	mkdirSync(folder);
	writeFileSync(
		join(folder, "package.json"),
		'{ "private": true, "type": "module" }\n',
	);
	const tarballs = filesIn(join(out, "npm"));
	const flags = ["--prefer-offline", "--no-audit", "--no-fund"];
	run("npm", ["install", ...flags, "ws", "vite", ...tarballs], folder);
	writeFileSync(join(folder, "try.mjs"), PROGRAM);
	cpSync(join(out, "sidecar"), join(folder, "alone"), { recursive: true });
	for (const file of ["node_modules/.bin/matrix-gateway", "alone/server.js"]) {
		expectText(run(process.execPath, [file, "--version"], folder), version);
		expectText(run(process.execPath, ["try.mjs", file], folder), "Hello");
	}
}

/** Installs the wheel in an empty environment, which has the system's `websockets`. */
export function tryPython(out: string, folder: string, version: string): void {
	const venv = ["-m", "venv", "--without-pip", "--system-site-packages"];
	run(PYTHON, [...venv, folder], out);
	const python = join(folder, "bin/python");
	const [wheel = ""] = filesIn(join(out, "python")).filter((name) =>
		name.endsWith(".whl"),
	);
	const offline = ["--quiet", "--no-index", "--no-deps"];
	run(
		PYTHON,
		["-m", "pip", "--python", python, "install", ...offline, wheel],
		out,
	);
	const program = `from importlib.metadata import version
from matrix_gateway_client import MatrixClient
print(version("matrix-gateway-client"))`;
	expectText(run(python, ["-c", program], folder), version);
}

function filesIn(folder: string): string[] {
	return readdirSync(folder).map((name) => join(folder, name));
}

function expectText(found: string, wanted: string): void {
	if (!found.includes(wanted))
		throw new Error(`"${wanted}" was expected, and this came:\n${found}`);
}
