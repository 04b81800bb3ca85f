import { defineConfig } from "@playwright/test";
import type { EngineOptions } from "./engines/fixtures.ts";
import type { HostOptions } from "./fixtures.ts";

const report = process.env.MATRIX_PLAYWRIGHT_REPORT;
const executablePath = process.env.MATRIX_BROWSER;

export default defineConfig<HostOptions, EngineOptions>({
	testDir: "tests",
	outputDir: "../reports/e2e",
	// three.js is drawn in software, which takes a core a page: no more than that of two cores.
	workers: 2,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	forbidOnly: Boolean(process.env.CI),
	reporter: report
		? [["list"], ["json", { outputFile: `../${report}` }]]
		: [["list"]],
	use: {
		launchOptions: {
			...(executablePath ? { executablePath } : {}),
			args: [
				"--no-sandbox",
				"--use-gl=angle",
				"--use-angle=swiftshader",
				"--enable-unsafe-swiftshader",
			],
		},
		viewport: { width: 640, height: 480 },
	},
	projects: [
		{
			name: "vite dev",
			// Of one folder: where two begin at once, both write the cache of what Vite has bundled.
			workers: 1,
			use: { hostKind: "dev" },
			grepInvert: /@sidecar|@built/,
		},
		{
			name: "vite preview",
			use: { hostKind: "preview" },
			// What it serves is the build that the sidecar serves: what is the page's alone is tried there.
			grepInvert: /@dev|@sidecar|@page/,
		},
		{ name: "sidecar", use: { hostKind: "sidecar" }, grepInvert: /@dev/ },
		// Playwright drives its own builds of these only. Each host is tried by each.
		{ name: "firefox", testDir: "engines", use: { engine: "firefox" } },
		{ name: "webkit", testDir: "engines", use: { engine: "webkit" } },
	],
});
