import { defineConfig } from "vite";
import matrixGateway from "vite-plugin-matrix-gateway";
import { demoAgents } from "./demo/plugin.ts";

export default defineConfig({
	plugins: [matrixGateway(), demoAgents()],
});
