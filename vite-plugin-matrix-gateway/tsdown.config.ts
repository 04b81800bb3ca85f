import { defineConfig } from "tsdown";

export default defineConfig({
	entry: {
		index: "src/vite/index.ts",
		client: "src/client/index.ts",
		protocol: "src/core/protocol.ts",
		server: "src/node/server.ts",
	},
	// The client runs in browsers as well; what is Node's is external anyway.
	platform: "neutral",
	target: "es2023",
	dts: true,
	fixedExtension: false,
});
