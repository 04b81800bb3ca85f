/** Firefox, which speaks WebDriver BiDi itself: nothing stands between it and the test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bidi, connectBidi } from "./bidi.ts";
import { end, launch, waitFor } from "./processes.ts";
import { type Browser, callOf, resultOf, type Size, type Tab } from "./tab.ts";

/** On a screen, or without one: then it has no WebGL. */
export async function startFirefox(
	program: string,
	display?: string,
): Promise<Browser> {
	const profile = await mkdtemp(join(tmpdir(), "matrix-firefox-"));
	const args = ["--remote-debugging-port=0", "--no-remote"];
	if (display === undefined) args.push("--headless");
	const child = launch(
		program,
		[...args, "--profile", profile, "about:blank"],
		{
			stdio: ["ignore", "ignore", "pipe"],
			// It has more to keep than what is in its profile.
			env: { ...process.env, HOME: profile, DISPLAY: display },
		},
	);
	const url = await waitFor(child, child.stderr, /BiDi listening on (\S+)/);
	const bidi = await connectBidi(`${url}/session`);
	await bidi.call("session.new", { capabilities: {} });
	const errors = await collectErrors(bidi);
	return {
		newTab: (size) => openTab(bidi, size, errors),
		async close() {
			bidi.close();
			await end(child);
			await rm(profile, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

interface Entry {
	readonly level: string;
	readonly text: string;
	readonly source: { readonly context?: string };
}

/** By the windows in which they happened. */
type Errors = ReadonlyMap<string, readonly string[]>;

async function collectErrors(bidi: Bidi): Promise<Errors> {
	const errors = new Map<string, string[]>();
	bidi.on("log.entryAdded", (parameters) => {
		const { level, text, source } = parameters as Entry;
		if (level !== "error" || source.context === undefined) return;
		const before = errors.get(source.context) ?? [];
		errors.set(source.context, [...before, text]);
	});
	await bidi.call("session.subscribe", { events: ["log.entryAdded"] });
	return errors;
}

async function openTab(bidi: Bidi, size: Size, errors: Errors): Promise<Tab> {
	// In a window of its own: a tab behind another one draws no frames.
	const { context } = await bidi.call<{ context: string }>(
		"browsingContext.create",
		{ type: "window" },
	);
	const call = <R>(method: string, parameters: object = {}) =>
		bidi.call<R>(method, { context, ...parameters });
	const resize = (viewport: Size) =>
		call<void>("browsingContext.setViewport", { viewport });
	await resize(size);
	return {
		async open(url) {
			await call("browsingContext.navigate", { url, wait: "complete" });
		},
		async evaluate<R>(inPage: unknown, given?: unknown) {
			const answer = await bidi.call<Evaluated>("script.evaluate", {
				expression: callOf(inPage, given),
				target: { context },
				awaitPromise: true,
			});
			if (answer.type === "exception")
				throw new Error(answer.exceptionDetails.text);
			return resultOf<R>(answer.result.value);
		},
		async perform(actions) {
			await call("input.performActions", { actions });
		},
		resize,
		async screenshot() {
			const { data } = await call<{ data: string }>(
				"browsingContext.captureScreenshot",
			);
			return Buffer.from(data, "base64");
		},
		errors: async () => errors.get(context) ?? [],
		close: () => call("browsingContext.close"),
	};
}

type Evaluated =
	| { readonly type: "success"; readonly result: { readonly value?: unknown } }
	| {
			readonly type: "exception";
			readonly exceptionDetails: { readonly text: string };
	  };
