import { chmodSync, cpSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { redisClient } from "./redis-client.ts";

/** One file that needs no node_modules beside it, nor another one, but for MCP (see vite.mcp.config.ts) and the console's page. */
export default defineConfig({
	plugins: [
		redisClient(),
		apart("mcp"),
		executable("dist/server.js"),
		withConsole("dist/console"),
	],
	build: {
		ssr: "src/server.ts",
		target: "node20",
		// Of the packages that are in the file.
		license: { fileName: "licenses.md" },
		// Small files start no faster (measured), and stack traces of this one can be read.
		minify: false,
		rolldownOptions: {
			output: {
				entryFileNames: "server.js",
				banner: "#!/usr/bin/env node",
				codeSplitting: false,
			},
		},
	},
	ssr: { noExternal: true },
});

/** Leaves what a module of the source imports to a file of its own, beside this one. */
function apart(name: string): Plugin {
	return {
		name: "apart",
		resolveId: {
			order: "pre",
			handler: (id) =>
				id === `./${name}.ts`
					? { id: `./${name}.js`, external: "relative" }
					: undefined,
		},
	};
}

/** Puts the console's page beside the file, which reads it only where somebody opens it. */
function withConsole(folder: string): Plugin {
	const server = import.meta.resolve("vite-plugin-matrix-gateway/server");
	return {
		name: "with-console",
		closeBundle: () =>
			cpSync(new URL("./console", server), new URL(folder, import.meta.url), {
				recursive: true,
			}),
	};
}

/** Lets a shell start the file by its name. */
function executable(file: string): Plugin {
	return {
		name: "executable",
		closeBundle: () => chmodSync(new URL(file, import.meta.url), 0o755),
	};
}
