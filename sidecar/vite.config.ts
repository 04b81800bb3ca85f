import { chmodSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { redisClient } from "./redis-client.ts";

/** One file that needs no node_modules beside it. */
export default defineConfig({
	plugins: [redisClient(), executable("dist/server.js")],
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

/** Lets a shell start the file by its name. */
function executable(file: string): Plugin {
	return {
		name: "executable",
		closeBundle: () => chmodSync(new URL(file, import.meta.url), 0o755),
	};
}
