import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";

const { MATRIX_DEMO } = process.env;

export default defineConfig({
	plugins: [
		matrixGateway({
			// What stands in a world, and who is where, is kept for pages that come late.
			retain: "matrix",
			worlds: "*",
			// Three who live here, so that there is something to see.
			...(MATRIX_DEMO !== "0" && { agents: "agents/*.ts" }),
		}),
	],
	// three.js alone is past the default of 500 kB, and the page draws nothing without it.
	build: { chunkSizeWarningLimit: 800 },
});
