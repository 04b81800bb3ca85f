/** The gateway and its peers: how each is started, or why it cannot be. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { compile } from "./compile.mjs";
import { here } from "./here.mjs";

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/**
 * @typedef {object} Hub
 * @property {string} name
 * @property {string} label
 * @property {string} [path] of its WebSocket
 * @property {string} [dialect] what it speaks inside its frames
 * @property {boolean} [ours] whether it is the gateway, and takes its flags
 * @property {boolean} [deflates] whether it compresses, and is measured where all do
 * @property {boolean} [quick] whether a quick run measures it
 * @property {boolean} [node] whether `memory.mjs` can be loaded into it
 * @property {() => Promise<Launch> | Launch} find throws why it is not to be had
 *
 * @typedef {{ command: string, args: string[], version: string, portFlag?: string, secure?: Partial<Launch> }} Launch
 *   `secure` is what is different where it serves TLS; without it, it does not.
 */

/** @type {Hub[]} */
export const HUBS = [
	gateway("matrix", "Matrix gateway", here("../dist/server.js")),
	{
		name: "ws",
		label: "plain ws loop",
		quick: true,
		node: true,
		find: () => ({ ...onNode("ws.mjs", "ws"), secure: {} }),
	},
	{
		name: "ws-deflate",
		label: "plain ws loop, compressing for each",
		deflates: true,
		quick: true,
		node: true,
		find() {
			const { args, ...launch } = onNode("ws.mjs", "ws");
			return { ...launch, args: [...args, "--deflate"] };
		},
	},
	{
		name: "bun",
		label: "Bun publish",
		quick: true,
		find: findBun,
	},
	{
		name: "floor",
		label: "C, writes only",
		quick: true,
		find: async () => ({
			command: await compile("hubs/floor.c"),
			args: [],
			version: "",
		}),
	},
	{
		name: "socket.io",
		label: "Socket.IO",
		path: "/socket.io/?EIO=4&transport=websocket",
		dialect: "socket.io",
		node: true,
		find: () => onNode("socket-io.mjs", "socket.io"),
	},
	{
		name: "crossws",
		label: "crossws",
		node: true,
		find: () => onNode("crossws.mjs", "crossws"),
	},
	{
		name: "uws",
		label: "uWebSockets.js",
		node: true,
		find() {
			require("@trufflesuite/uws-js-unofficial");
			return onNode("uws.mjs", "@trufflesuite/uws-js-unofficial");
		},
	},
	{
		name: "python",
		label: "Python websockets",
		find: findPython,
	},
];

/**
 * The gateway, from a built sidecar.
 * @param {string} name
 * @param {string} label
 * @param {string} server
 * @returns {Hub}
 */
export function gateway(name, label, server) {
	return {
		name,
		label,
		path: "/ws/matrix",
		ours: true,
		quick: true,
		node: true,
		find() {
			if (!existsSync(server))
				throw new Error(`${server} is not there; npm run build`);
			const { version } = require("../package.json");
			return {
				command: process.execPath,
				args: [server],
				portFlag: "--port",
				version,
				...secured(server),
			};
		},
	};
}

/**
 * The sidecar serves no TLS. A host with the library of the same build does.
 * @param {string} server
 * @returns {Pick<Launch, "secure">}
 */
function secured(server) {
	const library = join(
		dirname(server),
		"../../vite-plugin-matrix-gateway/dist/server.js",
	);
	return existsSync(library)
		? { secure: { args: [here("hubs/matrix-tls.mjs"), library] } }
		: {};
}

/**
 * @param {string} file
 * @param {string} dependency
 * @returns {Launch}
 */
function onNode(file, dependency) {
	const { version } = require(here(`node_modules/${dependency}/package.json`));
	return { command: process.execPath, args: [here("hubs", file)], version };
}

/**
 * Its install script moves the binary that fits the system to where the package names it; where scripts are forbidden, it
 * stays in one of several packages.
 */
async function findBun() {
	const packages = here("node_modules/@oven");
	const commands = [
		here("node_modules/bun/bin/bun.exe"),
		...readdirSync(packages).map((name) => join(packages, name, "bin/bun")),
	];
	for (const command of commands) {
		const found = await run(command, ["--version"]).catch(() => undefined);
		if (!found) continue;
		return {
			command,
			args: [here("hubs/bun.mjs")],
			version: found.stdout.trim(),
			secure: {},
		};
	}
	throw new Error("no binary of it for this system");
}

/** The one on the path may lack the package where the system's own has it. */
async function findPython() {
	const script = "import websockets.version as v; print(v.version)";
	for (const command of [
		process.env.BENCH_PYTHON,
		"python3",
		"/usr/bin/python3",
	]) {
		if (!command) continue;
		const found = await run(command, ["-c", script]).catch(() => undefined);
		if (!found) continue;
		return {
			command,
			args: [here("hubs/python.py")],
			version: found.stdout.trim(),
		};
	}
	throw new Error("no Python with the package websockets (set BENCH_PYTHON)");
}
