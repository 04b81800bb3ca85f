import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, it } from "vitest";

const ENTRY = fileURLToPath(
	new URL("../../src/client/index.ts", import.meta.url),
);

/** Kilobytes that a page may have to load for the client. */
const BUDGET = 8;

async function bundle(): Promise<Rolldown.OutputChunk> {
	const [result] = (await build({
		configFile: false,
		logLevel: "silent",
		build: {
			write: false,
			lib: { entry: ENTRY, formats: ["es"] },
			rolldownOptions: { output: { minify: true } },
		},
	})) as Rolldown.RolldownOutput[];
	expect(result?.output).toHaveLength(1);
	return result?.output[0] as Rolldown.OutputChunk;
}

it("is small, imports nothing and brings in of core/protocol what it needs alone", async () => {
	const { code, imports, dynamicImports, moduleIds } = await bundle();
	expect(code).toContain("createMatrixClient");
	expect(gzipSync(code).length).toBeLessThan(BUDGET * 1_000);
	expect([...imports, ...dynamicImports]).toEqual([]);
	const outside = moduleIds.filter((id) => !id.includes("/src/client/"));
	expect(outside.map((id) => id.split("/src/").at(-1)).sort()).toEqual([
		"core/protocol/protocol.ts",
		"core/protocol/world-name.ts",
	]);
});
