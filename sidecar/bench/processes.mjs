/** Starts hubs and the load generator, each on a core of its own. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { here } from "./here.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/** Why server and load share what cores there are, or undefined where each has one. */
export const notPinned = findPinning();

const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** Peers use ws as npm installs it alone; one of them brings a native addon along. */
const PEER_ENVIRONMENT = { WS_NO_BUFFER_UTIL: "1", WS_NO_UTF_8_VALIDATE: "1" };

/**
 * Starts a hub and waits until it accepts connections.
 * @param {import("./hubs.mjs").Hub} hub
 * @param {import("./hubs.mjs").Launch} launch
 * @param {{ args?: string[] | undefined, withMemory?: boolean, preload?: string[], tls?: string | undefined,
 *   isFree?: boolean }} options
 *   `preload` are flags for Node, `tls` is the folder of a key and a certificate; where it is free any core is its.
 */
export async function startHub(
	hub,
	launch,
	{ args = [], withMemory = false, preload = [], tls, isFree = false },
) {
	const port = await findPort();
	const observed = Boolean(withMemory && hub.node);
	const flags = observed
		? ["--expose-gc", "--import", here("memory.mjs"), ...preload]
		: preload;
	const ports = launch.portFlag
		? [launch.portFlag, String(port)]
		: [String(port)];
	const own = hub.ours ? args : [];
	const child = pinned(
		isFree ? undefined : SERVER_CORE,
		launch.command,
		[...flags, ...launch.args, ...ports, ...own],
		{
			stdio: [
				"ignore",
				"ignore",
				"pipe",
				...(observed ? /** @type {const} */ (["ipc"]) : []),
			],
			env: {
				...process.env,
				...(hub.ours ? {} : PEER_ENVIRONMENT),
				...(tls ? { BENCH_TLS: tls } : {}),
			},
		},
	);
	const complaint = collect(child.stderr);
	await accepting(port, child).catch((error) => {
		child.kill("SIGKILL");
		throw new Error(
			`${hub.name} did not start: ${error.message} ${complaint().slice(-200)}`,
		);
	});
	return {
		child,
		port,
		pid: /** @type {number} */ (child.pid),
		observed,
		complaint,
	};
}

/** @param {ChildProcess} child */
export async function stop(child) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exit = once(child, "exit");
	child.kill("SIGKILL");
	await exit;
}

/**
 * Starts the load generator.
 * @param {string[]} command
 * @param {Record<string, string | number>} options
 */
export function startLoad([program = "", ...args], options) {
	const pairs = Object.entries(options).map(
		([key, value]) => `${key}=${value}`,
	);
	return pinned(LOAD_CORE, program, [...args, ...pairs], {
		stdio: ["pipe", "pipe", "pipe"],
	});
}

/** @param {import("node:stream").Readable | null} stream */
export function collect(stream) {
	let text = "";
	stream?.setEncoding("utf8").on("data", (chunk) => {
		text = (text + chunk).slice(-20_000);
	});
	return () => text.trim();
}

/**
 * @param {number | undefined} core
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
function pinned(core, command, args, options) {
	return notPinned || core === undefined
		? spawn(command, args, options)
		: spawn("taskset", ["-c", String(core), command, ...args], options);
}

function findPinning() {
	if (availableParallelism() < 2) return "there is one core";
	try {
		execFileSync("taskset", ["-c", "0,1", "true"], { stdio: "ignore" });
		return undefined;
	} catch {
		return "taskset is not there";
	}
}

/** @returns {Promise<number>} */
export async function findPort() {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	server.close();
	await once(server, "close");
	return port;
}

/**
 * @param {number} port
 * @param {ChildProcess} child
 */
async function accepting(port, child) {
	const until = Date.now() + 10_000;
	while (!(await canConnect(port))) {
		if (child.exitCode !== null)
			throw new Error(`it exited with ${child.exitCode}`);
		if (Date.now() > until) throw new Error("it does not listen");
		await wait(20);
	}
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function canConnect(port) {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.on("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.on("error", () => resolve(false));
	});
}
