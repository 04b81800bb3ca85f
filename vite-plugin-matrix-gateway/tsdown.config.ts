import { defineConfig } from "tsdown";

export default defineConfig({
	entry: {
		index: "src/vite/index.ts",
		client: "src/client/index.ts",
		protocol: "src/core/protocol/protocol.ts",
		server: "src/node/server.ts",
	},
	// Of the four only `client` and `protocol` run in browsers; tests hold them free of Node.
	platform: "node",
	target: "es2023",
	dts: true,
	fixedExtension: false,
});
