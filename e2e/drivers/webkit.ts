/** WebKit's MiniBrowser by WebKitWebDriver, both Debian's: the engine of an iPad. */
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../vite-plugin-matrix-gateway/test/support/ports.ts";
import { end, launch } from "./processes.ts";
import { type Browser, callOf, resultOf, type Size, type Tab } from "./tab.ts";
import { type Command, commandsTo } from "./webdriver.ts";

interface WebKitSetup {
	/** WebKitWebDriver, and the browser that it starts. */
	readonly driver: string;
	readonly program: string;
	/** The screen of X11 on which that shows its windows. */
	readonly display: string;
	readonly hasWebGL: boolean;
}

export async function startWebKit(setup: WebKitSetup): Promise<Browser> {
	// It does not say which one it has taken.
	const port = await freePort();
	const child = launch(setup.driver, [`--port=${port}`], {
		stdio: "ignore",
		// As on the smallest of systems, where pages are told that their language is "C".
		env: { ...process.env, DISPLAY: setup.display, LANG: "C", LC_ALL: "C" },
	});
	const command = commandsTo(`http://127.0.0.1:${port}`);
	await until(() => command("GET", "/status"));
	const { sessionId } = await command<{ sessionId: string }>(
		"POST",
		"/session",
		{ capabilities: { alwaysMatch: capabilities(setup) } },
	);
	const inWindow = await windowsOf(
		`http://127.0.0.1:${port}/session/${sessionId}`,
	);
	return {
		newTab: (size) => openTab(inWindow, size),
		async close() {
			await command("DELETE", `/session/${sessionId}`);
			await end(child);
		},
	};
}

function capabilities({ program, hasWebGL }: WebKitSetup) {
	const args = [
		"--automation",
		"--javascript-can-open-windows-automatically=true",
		`--enable-webgl=${hasWebGL}`,
	];
	return { "webkitgtk:browserOptions": { binary: program, args } };
}

/** Sends commands that are for one window; undefined is that which was there first. */
type InWindow = <R>(
	handle: string | undefined,
	work: (command: Command) => Promise<R>,
) => Promise<R>;

/** A session has one window at a time, to which all that is sent goes. */
async function windowsOf(session: string): Promise<InWindow> {
	const command = commandsTo(session);
	const first = await command<string>("GET", "/window");
	let last: Promise<unknown> = Promise.resolve();
	return (handle = first, work) => {
		const next = last.then(async () => {
			await command("POST", "/window", { handle });
			return work(command);
		});
		last = next.catch(() => {});
		return next;
	};
}

async function openTab(inWindow: InWindow, size: Size): Promise<Tab> {
	const handle = await openWindow(inWindow);
	const errors: string[] = [];

	async function evaluate<R>(inPage: unknown, given?: unknown): Promise<R> {
		const script = `${SEND_RESULT}(${callOf(inPage, given)}, ${callOf(takeErrors, null)}, arguments[0])`;
		const answer = await inWindow(handle, (command) =>
			command<Answer>("POST", "/execute/async", { script, args: [] }),
		);
		errors.push(...resultOf<string[]>(answer.errors));
		if (answer.error !== undefined) throw new Error(answer.error);
		return resultOf<R>(answer.value);
	}

	async function resize({ width, height }: Size): Promise<void> {
		const rectangle = { x: 0, y: 0, width, height };
		await inWindow(handle, (command) =>
			command("POST", "/window/rect", rectangle),
		);
		await until(async () => {
			const found = await evaluate<number[]>(() => [innerWidth, innerHeight]);
			if (`${found}` !== `${width},${height}`)
				throw new Error(`The window is ${found}`);
		});
	}

	await resize(size);
	return {
		async open(url) {
			await inWindow(handle, (command) => command("POST", "/url", { url }));
			await evaluate(() => {});
		},
		evaluate,
		async perform(actions) {
			await inWindow(handle, (command) =>
				command("POST", "/actions", { actions }),
			);
		},
		resize,
		async screenshot() {
			const data = await inWindow(handle, (command) =>
				command<string>("GET", "/screenshot"),
			);
			return Buffer.from(data, "base64");
		},
		async errors() {
			await evaluate(() => {});
			return errors;
		},
		async close() {
			await inWindow(handle, (command) => command("DELETE", "/window"));
		},
	};
}

/** Opened by a page, since such a window has nothing but its page: one that the driver opens has bars. */
function openWindow(inWindow: InWindow): Promise<string> {
	return inWindow(undefined, async (command) => {
		const list = () => command<string[]>("GET", "/window/handles");
		const before = await list();
		const script = 'open("about:blank", "_blank", "popup")';
		await command("POST", "/execute/sync", { script, args: [] });
		return until(async () => {
			const found = (await list()).find((each) => !before.includes(each));
			if (found === undefined) throw new Error("No window was opened");
			return found;
		});
	});
}

interface Answer {
	readonly value?: unknown;
	readonly error?: string;
	readonly errors: unknown;
}

const SEND_RESULT = `((call, errors, done) => call
	.then((value) => ({ value }), (error) => ({ error: String(error) }))
	.then(async (answer) => done({ ...answer, errors: await errors })))`;

/**
 * What went wrong in the page since it was asked last. The driver tells of no errors, so they are kept in the
 * page from the first time on: what ends a page earlier than that keeps it from coming up.
 */
function takeErrors(): string[] {
	const keeper = window as { keptErrors?: string[] };
	if (keeper.keptErrors === undefined) {
		const errors: string[] = [];
		keeper.keptErrors = errors;
		addEventListener("error", ({ message }) => errors.push(message));
		addEventListener("unhandledrejection", ({ reason }) =>
			errors.push(String(reason)),
		);
		const write = console.error;
		console.error = (...words) => {
			errors.push(words.join(" "));
			write(...words);
		};
	}
	return keeper.keptErrors.splice(0);
}

/** What it resolves to, once it does. */
async function until<R>(attempt: () => Promise<R>): Promise<R> {
	const end = Date.now() + 15_000;
	for (;;)
		try {
			return await attempt();
		} catch (error) {
			if (Date.now() > end) throw error;
			await wait(20);
		}
}
