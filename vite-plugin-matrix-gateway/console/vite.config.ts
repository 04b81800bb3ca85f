import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** The operator's console: files that the package has ready, below whatever path serves them. */
export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	base: "./",
	plugins: [useOwnLocale()],
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

/**
 * uPlot 1.6.32 ends while it is loaded, and all of the page with it, where `navigator.language` is the name of
 * no language: "C" in WebKit on Linux without a locale, "en-US@posix" in Chromium. Its next version takes the
 * locale that is meant without being asked, as this does: https://github.com/leeoniya/uPlot/pull/1054.
 */
function useOwnLocale(): Plugin {
	const asked = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')";
	return {
		name: "own-locale",
		transform: {
			filter: { id: /uPlot\.esm\.js/ },
			handler(code) {
				if (!code.includes(asked))
					this.error("uPlot asks in another way: is this still needed?");
				return code.replace(asked, "new Intl.NumberFormat()");
			},
		},
	};
}
