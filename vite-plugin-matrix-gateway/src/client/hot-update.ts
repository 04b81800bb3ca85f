/** What `import.meta.hot` is in a module that Vite updates in place, as far as it is used here. */
export interface HotModule {
	/** Vite's own: the same object for a module's every update. */
	// biome-ignore lint/suspicious/noExplicitAny: Vite declares it so.
	readonly data: any;
	/** Calls back when nothing imports the module any more. */
	prune?(callback: () => void): void;
}

/** The clients that one run of a module has made. */
interface Run {
	readonly hot: HotModule;
	readonly disposals: Set<() => void>;
}

const KEY = "matrix-gateway/clients";

/**
 * Disposes of the clients that the module made before its update, and remembers `dispose` for the
 * next update. Not by `hot.dispose`: Vite calls that only for the module that accepts the update,
 * which is mostly one that imports this module, and a module has one such callback, which may be
 * its author's.
 *
 * @returns what forgets `dispose`.
 */
export function replaceBefore(
	hot: HotModule | undefined,
	dispose: () => void,
): () => void {
	if (!hot?.data) return () => {};
	const before: Run | undefined = hot.data[KEY];
	// Each run of a module has an `import.meta.hot` of its own.
	const isSameRun = before?.hot === hot;
	if (before && !isSameRun) disposeAll(before);
	const run = isSameRun ? before : { hot, disposals: new Set<() => void>() };
	hot.data[KEY] = run;
	run.disposals.add(dispose);
	hot.prune?.(() => disposeAll(run));
	return () => void run.disposals.delete(dispose);
}

function disposeAll({ disposals }: Run): void {
	for (const dispose of [...disposals]) dispose();
}
