import type { AddressInfo } from "node:net";
import type { Plugin } from "vite";
import {
	createMatrixClient,
	type MatrixClient,
} from "vite-plugin-matrix-gateway/client";
import { matrixMessage } from "vite-plugin-matrix-gateway/messages";
import { WebSocket } from "ws";
import { PERPLEXITY, runPerplexity } from "./perplexity.ts";
import { runTimmy, TIMMY } from "./timmy.ts";

export interface DemoOptions {
	/** @default true, unless the environment says MATRIX_DEMO=0 */
	readonly enabled?: boolean;
	/** The gateway's token, where it asks for one. */
	readonly token?: string;
}

const { MATRIX_DEMO } = process.env;

/** Two agents that live in the world while the dev server listens. They connect as any agent would. */
export function demoAgents({
	enabled = MATRIX_DEMO !== "0",
	token,
}: DemoOptions = {}): Plugin {
	let stop = () => {};
	return {
		name: "playground-demo-agents",
		apply: (_config, { command, isPreview }) =>
			enabled && command === "serve" && !isPreview,
		configureServer(server) {
			const { httpServer, config } = server;
			httpServer?.once("listening", () => {
				const secure = config.server.https !== undefined;
				stop = startAgents(urlOf(httpServer.address(), secure), token);
			});
		},
		buildEnd: () => stop(),
	};
}

type Run = (client: MatrixClient, signal: AbortSignal) => Promise<void>;

function startAgents(url: string, token: string | undefined): () => void {
	const stopping = new AbortController();
	const { signal } = stopping;
	const start = (who: { agentId: string; role: string }, run: Run) => {
		const client = createMatrixClient({
			...who,
			url,
			token,
			WebSocket,
			// Anybody may say anything: they hear what is a message as the world knows it.
			schema: matrixMessage,
		});
		client.onState((state) => {
			if (state.status === "refused")
				console.warn(`${who.agentId} was refused: ${state.reason}`);
		});
		run(client, signal)
			.catch((error: unknown) => {
				if (!signal.aborted) console.error(`${who.agentId} stopped:`, error);
			})
			.finally(() => client.dispose());
	};
	start(TIMMY, runTimmy);
	start(PERPLEXITY, runPerplexity);
	return () => stopping.abort();
}

function urlOf(address: string | AddressInfo | null, secure: boolean): string {
	if (address === null || typeof address === "string")
		throw new TypeError("The dev server does not listen on a port.");
	const scheme = secure ? "wss" : "ws";
	return `${scheme}://${toHost(address.address)}:${address.port}/ws/matrix`;
}

// An address that means "all of them" can be listened on, not connected to.
function toHost(address: string): string {
	if (address === "0.0.0.0") return "127.0.0.1";
	if (address === "::") return "[::1]";
	return address.includes(":") ? `[${address}]` : address;
}
