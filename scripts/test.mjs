/**
 * `npm test`: everything, with the true totals on the last line.
 *
 * Vitest and Playwright each write a JSON report. A report that is missing, or a runner that
 * fails without a failed test, counts as one failure, so that nothing broken looks green.
 *
 * `--installed` leaves out building the plugin, which `npm ci` has just done.
 *
 * `--unit` leaves out the browser. `--native-io-off` runs what clients see, the contract, chaos and
 * the sidecar's end-to-end tests, with all reading and writing left to Node's streams.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { BROWSER_HINT, findOrInstallBrowser } from "./browser.mjs";

const REPORTS = "reports";
const BESIDE_PLUGIN = [
	"matrix-gateway-sidecar",
	"matrix-gateway-playground",
].map((workspace) => `--workspace=${workspace}`);
const isInstalled = process.argv.includes("--installed");
const unitOnly = process.argv.includes("--unit");
const nativeIoOff = process.argv.includes("--native-io-off");
if (nativeIoOff) process.env.MATRIX_GATEWAY_NATIVE_IO = "off";
const vitestFilter = nativeIoOff
	? ["--project=hosts", "--project=chaos", "test/contract", "test/chaos/chaos"]
	: [];
const playwrightFilter = nativeIoOff ? ["--project=sidecar"] : [];

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS);

const browser = unitOnly ? undefined : findOrInstallBrowser();
if (!unitOnly && !browser) {
	console.error(
		`No browser for the end-to-end tests: ${BROWSER_HINT} \`npm run test:unit\` runs without.`,
	);
	process.exit(1);
}

run("npm", ["run", "build", ...(isInstalled ? BESIDE_PLUGIN : [])]);
const results = [vitest()];
if (browser) results.push(playwright(browser));
const total = results.reduce(add);
console.log(
	`${total.passed} passed, ${total.failed} failed` +
		(total.skipped > 0 ? `, ${total.skipped} skipped` : ""),
);
process.exitCode = total.failed > 0 ? 1 : 0;

function vitest() {
	const file = `${REPORTS}/vitest.json`;
	const reporters = ["--reporter=default", "--reporter=json"];
	const status = spawn("npx", [
		"vitest",
		"run",
		...vitestFilter,
		...reporters,
		`--outputFile.json=${file}`,
	]);
	return count(status, file, (report) => ({
		passed: report.numPassedTests,
		failed: report.numFailedTests,
		skipped: report.numPendingTests + report.numTodoTests,
	}));
}

function playwright(executable) {
	const file = `${REPORTS}/playwright.json`;
	const args = ["playwright", "test", "--config", "e2e", ...playwrightFilter];
	const status = spawn("npx", args, {
		MATRIX_BROWSER: executable,
		MATRIX_PLAYWRIGHT_REPORT: file,
	});
	return count(status, file, ({ stats }) => ({
		passed: stats.expected + stats.flaky,
		failed: stats.unexpected,
		skipped: stats.skipped,
	}));
}

function count(status, file, read) {
	const counts = readCounts(file, read);
	if (status !== 0 && counts.failed === 0) counts.failed = 1;
	return counts;
}

function readCounts(file, read) {
	try {
		return read(JSON.parse(readFileSync(file, "utf8")));
	} catch {
		return { passed: 0, failed: 1, skipped: 0 };
	}
}

function add(one, other) {
	return {
		passed: one.passed + other.passed,
		failed: one.failed + other.failed,
		skipped: one.skipped + other.skipped,
	};
}

function run(command, args) {
	const status = spawn(command, args);
	if (status !== 0) process.exit(status ?? 1);
}

function spawn(command, args, environment = {}) {
	return spawnSync(command, args, {
		stdio: "inherit",
		shell: process.platform === "win32",
		env: { ...process.env, ...environment },
	}).status;
}
