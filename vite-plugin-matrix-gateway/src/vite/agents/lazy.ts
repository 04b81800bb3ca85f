/** Agents that are loaded, and begun, once their server is there: nothing of it is where there are none. */
import type { PreviewServer, ViteDevServer } from "vite";
import type { LeftAgents } from "../../agents/agents.ts";
import type { Worlds } from "../../node/worlds.ts";
import type { ResolvedAgents } from "./options.ts";
import type { ViteAgents } from "./vite-agents.ts";

export function startViteAgents(
	server: ViteDevServer | PreviewServer,
	worlds: Worlds,
	agents: ResolvedAgents,
	left: LeftAgents = new Map(),
): ViteAgents {
	let isOver = false;
	let running: ViteAgents | undefined;
	start().then(
		(started) => {
			running = started;
		},
		(error: unknown) => {
			const text = `[matrix] agents cannot be started: ${error}`;
			server.config.logger.error(text, { timestamp: true });
		},
	);

	async function start(): Promise<ViteAgents | undefined> {
		if (!("ws" in server)) {
			const { startPreviewAgents } = await import("./preview.ts");
			return isOver ? undefined : startPreviewAgents(server, worlds, agents);
		}
		// Vite's environments take requests once its server listens.
		await listening(server);
		const { startDevelopmentAgents } = await import("./development.ts");
		return isOver
			? undefined
			: startDevelopmentAgents(server, worlds, agents, left);
	}

	return {
		async leave() {
			isOver = true;
			await running?.leave();
		},
		async handOver() {
			isOver = true;
			return (await running?.handOver()) ?? left;
		},
	};
}

function listening({ httpServer }: ViteDevServer): Promise<void> {
	return new Promise((resolve) => {
		if (httpServer && !httpServer.listening)
			httpServer.once("listening", resolve);
		else setImmediate(resolve);
	});
}
