import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";
import { demoAgents } from "./demo/plugin.ts";

export default defineConfig({
	plugins: [
		// What stands in a world, and who is where, is kept for pages that come late.
		matrixGateway({ retain: "matrix", worlds: "*" }),
		demoAgents(),
	],
	// three.js alone is past the default of 500 kB, and the page draws nothing without it.
	build: { chunkSizeWarningLimit: 800 },
});
