import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The operator's console: files that the package has ready, below whatever path serves them. */
export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	base: "./",
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	build: {
		outDir: "../dist/console",
		emptyOutDir: true,
		target: "es2022",
		// A page that allows no `data:` but for images has none.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		// Of the packages that are in the files.
		license: { fileName: "licenses.md" },
	},
});
