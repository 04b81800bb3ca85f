/** Bundles a module with nothing left out, to see what it cannot do without. */
import { build, type Rolldown } from "vite";
import { inRepository } from "./files.ts";

export interface Bundle {
	/** What is imported from outside the bundle. */
	readonly imports: readonly string[];
	/** The files that went in, as paths of the repository. */
	readonly files: readonly string[];
}

/** Bundles an entry; `text` stands in for what the file holds. */
export async function bundle(entry: string, text?: string): Promise<Bundle> {
	const output = await build({
		configFile: false,
		logLevel: "silent",
		plugins: [{ name: "stand-in", load: (id) => (id === entry ? text : null) }],
		ssr: { noExternal: true },
		build: { ssr: entry, write: false, minify: false },
	});
	const chunks = (output as Rolldown.RolldownOutput).output.filter(
		(file) => file.type === "chunk",
	);
	const inside = new Set(chunks.map(({ fileName }) => fileName));
	return {
		imports: chunks
			.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports])
			.filter((name) => !inside.has(name)),
		files: chunks.flatMap(({ moduleIds }) => moduleIds.map(inRepository)),
	};
}
