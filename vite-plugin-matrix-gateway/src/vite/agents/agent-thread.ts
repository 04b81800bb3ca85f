/** What the thread of an agent runs in development: its file comes from Vite, module by module. */
import { parentPort, workerData } from "node:worker_threads";
import type { FullReloadPayload, HotPayload } from "vite";
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
	let hear: (payload: HotPayload) => void = () => {};
	/** When the updates came that are not done; undefined until somebody tells when they are. */
	let pending: number[] | undefined;
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
	const updated = () => void pending?.shift();

	function update(payload: HotPayload): void {
		const now = performance.now();
		const [oldest = now] = pending ?? [];
		if (now - oldest > UPDATE_TIMEOUT) {
			hangs();
			return;
		}
		pending?.push(now);
		hear(payload);
	}

	/** Not by the runner, which does not say when it is done. */
	function reload({ triggeredBy }: FullReloadPayload): void {
		const { evaluatedModules } = runner;
		if (triggeredBy && !evaluatedModules.getModulesByFile(triggeredBy)) return;
		evaluatedModules.clear();
		changed();
	}

	return {
		async load() {
			const { follow, load }: Entry = await runner.import(entry);
			follow({ changed, updated });
			pending ??= [];
			return load();
		},
		adopted: () => evaluator.adopt(),
		take(text) {
			const payload: HotPayload = JSON.parse(String(text));
			if (payload.type === "update") update(payload);
			else if (payload.type === "full-reload") reload(payload);
			else hear(payload);
		},
	};
}
