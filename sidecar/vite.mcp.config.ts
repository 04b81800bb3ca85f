import { defineConfig } from "vite";

/** What serves MCP clients, as one file beside the other one, which reads it only where it is wanted. */
export default defineConfig({
	build: {
		ssr: "src/mcp.ts",
		target: "node20",
		emptyOutDir: false,
		license: { fileName: "licenses-mcp.md" },
		minify: false,
		rolldownOptions: {
			output: { entryFileNames: "mcp.js", codeSplitting: false },
		},
	},
	ssr: { noExternal: true },
});
