/**
 * Tries the built sidecar by the MCP project's conformance suite, and by its inspector's command line over
 * both transports. `npm run trial:mcp`; needs Node 22.19, which those two do.
 */
import { spawn, spawnSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const SIDECAR = join(here, "../dist/server.js");
const PACKAGES = join(here, "node_modules/@modelcontextprotocol");
const CONFORMANCE = join(PACKAGES, "conformance/dist/index.js");
const INSPECTOR = join(here, "node_modules/.bin/mcp-inspector");
const TOKEN = "s3cret";

const OLD = "2025-06-18";
const LATE = "2025-11-25";
const NOW = "2026-07-28";

/**
 * What of the suite applies. The others ask for tools, prompts and resources of the suite's own server, or for
 * what this server does not do: logging, completion, sampling, elicitation, tasks, subscriptions.
 */
const SCENARIOS = {
	"server-initialize": [OLD, LATE],
	"server-session-lifecycle": [OLD, LATE],
	ping: [LATE],
	"tools-list": [OLD, LATE, NOW],
	"resources-list": [LATE, NOW],
	"server-sse-multiple-streams": [LATE, NOW],
	"dns-rebinding-protection": [LATE, NOW],
	"server-stateless": [NOW],
	"sep-2164-resource-not-found": [NOW],
	"http-header-validation": [NOW],
	caching: [NOW],
	"input-required-result-unsupported-methods": [NOW],
};

/** Checks within those that need the suite's own tools, or prompts. */
const NOT_APPLICABLE = new Set([
	"sep-2575-server-rejects-undeclared-capability",
	"sep-2575-missing-capability-http-400",
	"sep-2575-http-server-no-independent-requests-on-stream",
	"sep-2575-server-no-log-without-loglevel",
	"sep-2549-prompts-list-caching-hints",
]);

const results = mkdtempSync(join(tmpdir(), "mcp-conformance-"));
let failed = 0;
const open = await startSidecar([]);
const closed = await startSidecar(["--token", TOKEN]);
try {
	for (const [scenario, versions] of Object.entries(SCENARIOS))
		for (const version of versions) tryScenario(scenario, version);
	inspect("over HTTP", [
		`${closed.url}mcp`,
		"--transport",
		"http",
		"--header",
		`Authorization: Bearer ${TOKEN}`,
	]);
	const socket = `${closed.url.replace("http", "ws")}ws/matrix`;
	inspect("over stdio", [
		"-e",
		`MATRIX_GATEWAY_TOKEN=${TOKEN}`,
		process.execPath,
		SIDECAR,
		"mcp",
		"--url",
		socket,
	]);
} finally {
	open.stop();
	closed.stop();
	rmSync(results, { recursive: true });
}
console.log(failed > 0 ? `${failed} failed` : "all of it passed");
process.exitCode = failed > 0 ? 1 : 0;

function tryScenario(scenario, version) {
	const output = join(results, `${scenario}-${version}`);
	const args = [
		"server",
		"--url",
		`${open.url}mcp`,
		"--scenario",
		scenario,
		"--spec-version",
		version,
		"--output-dir",
		output,
	];
	const { stdout } = spawnSync(process.execPath, [CONFORMANCE, ...args], {
		encoding: "utf8",
	});
	const checks = checksIn(output);
	const wrong = checks.filter(
		({ id, status }) => status === "FAILURE" && !NOT_APPLICABLE.has(id),
	);
	const passed = checks.filter(({ status }) => status === "SUCCESS").length;
	const isGood = wrong.length === 0 && passed > 0;
	tell(`${scenario} ${version}: ${passed} checks`, isGood, () =>
		[
			...wrong.map(({ id, errorMessage }) => `${id}: ${errorMessage}`),
			checks.length === 0 ? stdout : "",
		].join("\n"),
	);
}

/** The suite writes one file for each scenario, in a folder that it names itself. */
function checksIn(folder) {
	if (!existsSync(folder)) return [];
	const files = readdirSync(folder, { recursive: true }).filter((file) =>
		file.endsWith("checks.json"),
	);
	return files.flatMap((file) =>
		JSON.parse(readFileSync(join(folder, file), "utf8")),
	);
}

function inspect(how, target) {
	const calls = {
		"tools/list": [["--method", "tools/list"], '"listen"'],
		look: [["--method", "tools/call", "--tool-name", "look"], '"you": "mcp-'],
		say: [
			[
				"--method",
				"tools/call",
				"--tool-name",
				"say",
				"--tool-arg",
				"text=Hello",
			],
			'"result": "done"',
		],
		"resources/read": [
			["--method", "resources/read", "--uri", "matrix://scene"],
			"matrix://scene",
		],
	};
	for (const [name, [args, expected]] of Object.entries(calls)) {
		const { stdout, stderr, status } = spawnSync(
			process.execPath,
			[INSPECTOR, "--cli", ...target, ...args],
			{ encoding: "utf8", timeout: 60_000 },
		);
		tell(
			`inspector ${how}: ${name}`,
			status === 0 && stdout.includes(expected),
			() => stdout + stderr,
		);
	}
}

function tell(what, isGood, why) {
	console.log(`${isGood ? "ok" : "FAILED"}  ${what}`);
	if (isGood) return;
	failed++;
	console.log(why());
}

function startSidecar(flags) {
	const args = [
		SIDECAR,
		"--port=0",
		"--host=127.0.0.1",
		"--mcp",
		"--retain=matrix",
		"--log-format=json",
		...flags,
	];
	const child = spawn(process.execPath, args, {
		stdio: ["ignore", "pipe", "inherit"],
	});
	return new Promise((resolve, reject) => {
		child.once("exit", (code) =>
			reject(new Error(`the sidecar ended with ${code}`)),
		);
		child.stdout.on("data", (chunk) => {
			const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(chunk) ?? [];
			if (port)
				resolve({ url: `http://localhost:${port}/`, stop: () => child.kill() });
		});
	});
}
