/** One run of an agent: from the call of its function to the end of all that this has begun. */
import { setTimeout as wait } from "node:timers/promises";
import type { ClientState } from "../client/client-state.ts";
import { createLastingClient } from "../client/lasting-client.ts";
import type { MatrixClient } from "../client/matrix-client.ts";
import { type AgentDefinition, isSameAgent } from "./agent-definition.ts";
import { createScope } from "./scope.ts";
import type { LeftSession } from "./thread-messages.ts";
import type { ClientSockets } from "./thread-socket.ts";

export interface Run {
	readonly definition: AgentDefinition;
	/** Whether its function has thrown, or its promise was rejected. */
	readonly hasFailed: boolean;
	/** Ends it, and hands over its session. */
	handOver(): Promise<LeftSession>;
	/** Hands over its session at once, since the thread is about to end. */
	abandon(): LeftSession;
	/** Ends it for good: its agent leaves. */
	leave(): Promise<void>;
}

export interface RunParts {
	readonly definition: AgentDefinition;
	readonly sockets: ClientSockets;
	/** What the run before has handed over; nobody goes on with the session of another agent. */
	readonly left: LeftSession | undefined;
	/** Its function has thrown, or its promise was rejected. */
	failed(error: unknown): void;
	/** Its clean-up has: it ends all the same. */
	uncaught(error: unknown): void;
	warned(text: string): void;
}

/** Milliseconds that an agent has to clean up. */
const CLEANUP_TIMEOUT = 2_000;

/** Milliseconds for the answer to a registration, whose session would be lost else. */
const ANSWER_TIMEOUT = 1_000;

export function startRun(parts: RunParts): Run {
	const { definition } = parts;
	const { agentId, world, live } = definition;
	const stopping = new AbortController();
	const { signal } = stopping;
	const scope = createScope();
	const { client, handOver } = scope.run(() => createAgentClient(parts));
	const life = scope.run(async () => live(client, { agentId, signal }));
	let hasFailed = false;
	life.catch((error: unknown) => {
		hasFailed = !signal.aborted;
		if (hasFailed) parts.failed(error);
	});

	/** Whatever it does, it has its time and no more. */
	async function cleanUp(): Promise<void> {
		const late = wait(CLEANUP_TIMEOUT, undefined, { ref: false });
		stopping.abort();
		await Promise.race([scope.run(endLife), late]);
	}

	async function endLife(): Promise<void> {
		try {
			const clean = await life;
			if (typeof clean === "function") await clean();
		} catch (error) {
			if (!hasFailed && !isAbort(error, signal)) parts.uncaught(error);
		}
	}

	const abandon = () => ({ agentId, world, kept: handOver() });

	return {
		definition,
		get hasFailed() {
			return hasFailed;
		},
		async handOver() {
			// Of a session whose registration is not answered nobody could know.
			if (client.state.status === "connecting") await answered(client);
			parts.sockets.deafen();
			await cleanUp();
			const left = abandon();
			scope.end();
			return left;
		},
		abandon,
		async leave() {
			await cleanUp();
			// Only who is there can say that it goes.
			await answered(client);
			client.dispose();
			scope.end();
		},
	};
}

function createAgentClient({ definition, sockets, left, warned }: RunParts) {
	const { agentId, options } = definition;
	const made = createLastingClient(
		{
			...options,
			// It leads nowhere: the sockets know where they are from.
			url: "ws://matrix-gateway.invalid/",
			agentId,
			WebSocket: sockets.WebSocket,
			onDropped: ({ type }, reason) =>
				warned(`a message of the type ${type} was given up: ${reason}`),
		},
		left && isSameAgent(left, definition) ? left.kept : undefined,
	);
	made.client.onState((state) => {
		if (state.status === "refused") warned(`was refused: ${state.reason}`);
		if (state.status === "online" && state.resumed === false)
			warned(String(state.reason));
	});
	return made;
}

/** Resolves when a client that is on its way has its answer, or after a while. */
function answered(client: MatrixClient): Promise<unknown> {
	if (!isOnItsWay(client.state)) return Promise.resolve();
	const late = wait(ANSWER_TIMEOUT, undefined, { ref: false });
	const answer = new Promise<void>((resolve) => {
		client.onState((state) => {
			if (!isOnItsWay(state)) resolve();
		});
	});
	return Promise.race([answer, late]);
}

function isOnItsWay({ status }: ClientState): boolean {
	return status === "connecting" || status === "resuming";
}

/** What is thrown by who heeds the signal. */
function isAbort(error: unknown, { reason }: AbortSignal): boolean {
	return error === reason || Object(error).name === "AbortError";
}
