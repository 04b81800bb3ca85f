import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";
import { demoAgents } from "./demo/plugin.ts";

export default defineConfig({
	// What stands in the world, and who is where, is kept for pages that come late.
	plugins: [matrixGateway({ retain: "matrix" }), demoAgents()],
	// three.js alone is past the default of 500 kB, and the page draws nothing without it.
	build: { chunkSizeWarningLimit: 800 },
});
