/** A thread without one: its two sides in this process, on a channel, with a real gateway. */
import { EventEmitter } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { onTestFinished } from "vitest";
import { runThread } from "../../src/agents/thread.ts";
import { hostThread, type ThreadNews } from "../../src/agents/thread-host.ts";
import type {
	FromThread,
	LeftSession,
	ToThread,
} from "../../src/agents/thread-messages.ts";
import type { AgentModule } from "../../src/client/agent-module.ts";
import { createMatrixClient } from "../../src/client/create-client.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { memoryWebSocket } from "../../src/node/memory-socket.ts";

export type Live = AgentModule["default"];

export function createWorld() {
	const gateway = createGateway();
	onTestFinished(() => gateway.close());
	const WebSocket = memoryWebSocket((socket) => gateway.open(socket));
	return {
		gateway,
		/** Somebody else, who remembers who else came and went. */
		async enter(agentId: string) {
			const url = "ws://gateway.test";
			const client = createMatrixClient({ url, agentId, WebSocket });
			const seen: string[] = [];
			const see = (sign: string) => (message: { readonly agentId: string }) => {
				if (message.agentId !== agentId) seen.push(sign + message.agentId);
			};
			client.on("agent_joined", see("+"));
			client.on("agent_left", see("-"));
			onTestFinished(() => client.dispose());
			await new Promise<void>((resolve) => {
				client.onState(({ status }) => status === "online" && resolve());
			});
			return { client, seen };
		},
	};
}

/** A thread in which nothing runs: what it says is the test's to say. */
export function createFakeThread(hear: (message: ToThread) => void) {
	const listeners = new Map<string, (value: unknown) => void>();
	return {
		say: (message: FromThread) => listeners.get("message")?.(message),
		worker: {
			...{ stdout: null, stderr: null },
			on: (event: string, listener: (value: never) => void) =>
				listeners.set(event, listener as (value: unknown) => void),
			postMessage: hear,
			terminate: async () => listeners.get("exit")?.(1),
		},
	};
}

type World = ReturnType<typeof createWorld>;

/** An agent that is edited by the test. */
export function startThread(
	{ gateway }: World,
	first: Partial<AgentModule> | Error,
	{ isStrict = false, left }: { isStrict?: boolean; left?: LeftSession } = {},
) {
	const { port1, port2 } = new MessageChannel();
	const process = new EventEmitter();
	const news: ThreadNews[] = [];
	let file = first;
	let changed = () => {};
	let wake = () => {};
	const host = hostThread({
		worker: {
			stdout: null,
			stderr: null,
			on: (event, listener) =>
				event === "message" && port1.on("message", listener as () => void),
			postMessage: (message, transfer = []) =>
				port1.postMessage(message, [...transfer]),
			terminate: async () => port1.close(),
		},
		openAs: (agentId) => (socket) =>
			gateway.open(socket, { agents: [agentId] }),
		tell(told) {
			news.push(told);
			wake();
		},
		printed() {},
		ended() {},
	});
	runThread({
		matrixAgent: { name: "ada", entry: "ada.ts", left },
		port: port2,
		process,
		isStrict,
		createLoader(parts) {
			changed = parts.changed;
			return {
				async load() {
					if (file instanceof Error) throw file;
					return file;
				},
			};
		},
	});
	onTestFinished(async () => void (await host.stop(true)));
	return {
		host,
		news,
		process,
		edit(next: Partial<AgentModule> | Error) {
			file = next;
			changed();
		},
		/** Resolves to the next news of a type. */
		async next(type: ThreadNews["type"]): Promise<ThreadNews> {
			for (;;) {
				const index = news.findIndex((told) => told.type === type);
				if (index >= 0) return news.splice(0, index + 1)[index] as ThreadNews;
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		},
	};
}
