/** What the thread of an agent runs in development: its file comes from Vite, module by module. */
import { parentPort, workerData } from "node:worker_threads";
import { ModuleRunner } from "vite/module-runner";
import {
	type Loader,
	type LoaderParts,
	runThread,
} from "../../agents/thread.ts";
import type { ThreadData } from "../../agents/thread-messages.ts";
import type { Entry } from "./entry.ts";
import { ScopedEvaluator } from "./module-scopes.ts";

if (parentPort)
	runThread({
		matrixAgent: (workerData as ThreadData).matrixAgent,
		port: parentPort,
		process,
		createLoader,
		isStrict: false,
	});

/** Milliseconds after which an update that is not done keeps the next ones from being done. */
const UPDATE_TIMEOUT = 3_000;

function createLoader({ entry, post, changed, hangs }: LoaderParts): Loader {
	const evaluator = new ScopedEvaluator();
	let hear: (payload: never) => unknown = () => {};
	/** When the updates began that are not done. */
	const pending = new Set<{ readonly since: number }>();
	const runner = new ModuleRunner(
		{
			transport: {
				connect: ({ onMessage }) => {
					hear = onMessage;
				},
				send: async (payload) => post(JSON.stringify(payload)),
			},
			// What is wrong with an update `load` tells, as an error and not as a text.
			hmr: { logger: { error() {}, debug() {} } },
			sourcemapInterceptor: "prepareStackTrace",
		},
		evaluator,
	);

	async function update(payload: { readonly type: string }): Promise<void> {
		const now = performance.now();
		for (const { since } of pending)
			if (now - since > UPDATE_TIMEOUT) return hangs();
		const update = { since: now };
		pending.add(update);
		await hear(payload as never);
		pending.delete(update);
		// All modules are gone then, and with them the entry that would say so.
		if (payload.type === "full-reload") changed();
	}

	return {
		async load() {
			const { follow, load }: Entry = await runner.import(entry);
			follow(changed);
			return load();
		},
		adopted: () => evaluator.adopt(),
		take(text) {
			const payload = JSON.parse(String(text));
			if (payload.type === "custom") hear(payload as never);
			else void update(payload);
		},
	};
}
