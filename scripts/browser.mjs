/** Finds a Chromium for the browser tests, or installs one. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

/** What to do where there is none. */
export const BROWSER_HINT =
	"install Chromium (Debian: apt-get install chromium; elsewhere: npx playwright install chromium) or set MATRIX_BROWSER to one.";

/** Names under which systems know a Chromium, in the order of preference. */
const NAMES = [
	"chromium",
	"chromium-browser",
	"google-chrome",
	"google-chrome-stable",
];

const APPLICATIONS = [
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
	"/usr/bin/chromium",
];

/**
 * The path of a browser: the one that MATRIX_BROWSER names, Playwright's own, the system's,
 * or one that is installed now. Undefined where none can be had.
 * @returns {string | undefined}
 */
export function findOrInstallBrowser() {
	return findBrowser() ?? (installBrowser() ? findBrowser() : undefined);
}

function findBrowser() {
	const candidates = [
		process.env.MATRIX_BROWSER,
		chromium.executablePath(),
		...NAMES.map(which),
		...APPLICATIONS,
	];
	return candidates.find((path) => path && existsSync(path));
}

function installBrowser() {
	console.log("No Chromium found: installing one.");
	return installers().some(([command, ...args]) => {
		const { status } = spawnSync(command, args, { stdio: "inherit" });
		return status === 0 && findBrowser() !== undefined;
	});
}

/** Playwright's own download first, with what it needs of the system where we may install that. */
function installers() {
	const root = process.getuid?.() === 0;
	const own = ["npx", "playwright", "install", "chromium"];
	if (!root) return [own];
	return [
		[...own, "--with-deps"],
		["sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium"],
		["dnf", "install", "-y", "chromium"],
		["apk", "add", "chromium"],
	];
}

function which(name) {
	try {
		const command = process.platform === "win32" ? "where" : "which";
		const stdio = ["ignore", "pipe", "ignore"];
		return execFileSync(command, [name], { encoding: "utf8", stdio })
			.split("\n")[0]
			?.trim();
	} catch {
		return undefined;
	}
}
