/** What each test in Firefox and in WebKit starts from. */
import { type EngineName, PACKAGES, startEngine } from "../drivers/start.ts";
import type { Browser, Size, Tab } from "../drivers/tab.ts";
import { expect, test as hosted } from "../fixtures.ts";

export interface EngineOptions {
	/** Set by the project. */
	engine: EngineName;
}

interface WorkerFixtures extends EngineOptions {
	/** Starts a browser once, when a test first asks for it. Undefined where it is not installed. */
	driven(hasWebGL: boolean): Promise<Browser | undefined>;
}

interface TabSetup {
	readonly size?: Size;
	/** What is drawn in software takes seconds. */
	readonly hasWebGL?: boolean;
}

interface Fixtures {
	/** Opens windows, which close with the test. What goes wrong in their pages fails it. */
	newTab(setup?: TabSetup): Promise<Tab>;
}

export const test = hosted.extend<Fixtures, WorkerFixtures>({
	engine: ["firefox", { option: true, scope: "worker" }],
	driven: [
		async ({ engine }, use) => {
			const started = new Map<boolean, Promise<Browser | undefined>>();
			await use((hasWebGL) => {
				const browser = started.get(hasWebGL) ?? startEngine(engine, hasWebGL);
				started.set(hasWebGL, browser);
				return browser;
			});
			for (const browser of started.values()) await (await browser)?.close();
		},
		{ scope: "worker" },
	],
	newTab: async ({ engine, driven }, use, info) => {
		const opened: { tab: Tab; expected: RegExp }[] = [];
		await use(async ({ size = SMALL, hasWebGL = false } = {}) => {
			const browser = await driven(hasWebGL);
			const missing = `apt-get install ${PACKAGES[engine]}`;
			info.skip(!browser && !process.env.CI, missing);
			if (!browser) throw new Error(`Not installed: ${missing}`);
			const tab = await browser.newTab(size);
			opened.push({ tab, expected: hasWebGL ? AWAY : AWAY_OR_UNDRAWN });
			return tab;
		});
		const found = opened.map(async ({ tab, expected }) => {
			const errors = await tab.errors();
			await tab.close();
			return errors.filter((text) => !expected.test(text));
		});
		expect((await Promise.all(found)).flat()).toEqual([]);
	},
});

const SMALL: Size = { width: 480, height: 360 };

/** What Firefox itself writes where the host is away, and a page where there is no WebGL. */
const AWAY = /establish a connection to|connection to .* was interrupted/;
const AWAY_OR_UNDRAWN = new RegExp(
	`${AWAY.source}|WebGL|The world cannot be drawn`,
);
