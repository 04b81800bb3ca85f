/** Which browsers there are besides Playwright's own, and how each is started. */
import { readdirSync } from "node:fs";
import { startFirefox } from "./firefox.ts";
import { findProgram, type Screen, startScreen } from "./processes.ts";
import type { Browser } from "./tab.ts";
import { startWebKit } from "./webkit.ts";

export type EngineName = "firefox" | "webkit";

/** What Debian calls the packages with it. */
export const PACKAGES = {
	firefox: "firefox-esr xvfb",
	webkit: "webkit2gtk-driver xvfb",
} as const;

/**
 * With WebGL in software, or without any, as many a virtual machine has it: then all else of the world works.
 * Undefined where it is not installed.
 */
export async function startEngine(
	name: EngineName,
	hasWebGL: boolean,
): Promise<Browser | undefined> {
	const start = name === "firefox" ? findFirefox() : findWebKit();
	if (!start || !findProgram("Xvfb")) return undefined;
	const screen = await startScreen();
	const browser = await start(screen, hasWebGL);
	return {
		newTab: browser.newTab,
		async close() {
			await browser.close();
			await screen.close();
		},
	};
}

type Start = (screen: Screen, hasWebGL: boolean) => Promise<Browser>;

function findFirefox(): Start | undefined {
	// Another one may be a snap, which reads no profile outside its own folders.
	const program = findProgram("firefox-esr");
	return program === undefined
		? undefined
		: // Without a screen it has none.
			({ display }, hasWebGL) =>
				startFirefox(program, hasWebGL ? display : undefined);
}

function findWebKit(): Start | undefined {
	const driver = findProgram("WebKitWebDriver");
	const program = findProgram("MiniBrowser", libraries());
	if (driver === undefined || program === undefined) return undefined;
	return ({ display }, hasWebGL) =>
		startWebKit({ driver, program, display, hasWebGL });
}

/** Debian has WebKit's among the libraries of the machine's architecture. */
function libraries(): string[] {
	const all = "/usr/lib";
	return list(all, /-linux-gnu/).flatMap((folder) =>
		list(folder, /^webkit2gtk-/),
	);
}

function list(folder: string, pattern: RegExp): string[] {
	try {
		return readdirSync(folder)
			.filter((name) => pattern.test(name))
			.map((name) => `${folder}/${name}`);
	} catch {
		return [];
	}
}
