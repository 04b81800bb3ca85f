import { defineConfig } from "tsdown";

export default defineConfig({
	entry: {
		index: "src/vite/index.ts",
		client: "src/client/index.ts",
		protocol: "src/core/protocol/protocol.ts",
		server: "src/node/server.ts",
		messages: "src/messages/index.ts",
		metrics: "src/node/metrics/index.ts",
		mcp: "src/mcp/index.ts",
		testing: "src/testing/index.ts",
		agents: "src/agents/index.ts",
		// What the threads of agents run.
		"agent-thread": "src/agents/agent-thread.ts",
		"vite-agent-thread": "src/vite/agents/agent-thread.ts",
	},
	// Of these `client`, `messages` and `protocol` alone run in browsers; tests hold them free of Node.
	platform: "node",
	target: "es2023",
	dts: true,
	// Or a declaration imports what only code that is not in it needs, such as ws, without its types.
	treeshake: { moduleSideEffects: false },
	// So that whoever imports an entry may import `virtual:matrix-gateway`, with nothing to set.
	banner: { dts: '/// <reference path="../virtual.d.ts" />' },
	fixedExtension: false,
});
