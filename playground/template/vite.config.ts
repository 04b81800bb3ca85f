import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";

export default defineConfig({
	// Whoever opens the page late sees where everybody is: the gateway retains that.
	plugins: [matrixGateway({ retain: "matrix" })],
	// Agents look for the gateway here.
	server: { port: 5173, strictPort: true },
});
