import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";

export default defineConfig({
	plugins: [
		matrixGateway({
			// Who lives here: each file is an agent.
			agents: "agents/*.ts",
			// Whoever opens the page late sees where everybody is: the gateway retains that.
			retain: "matrix",
		}),
	],
});
