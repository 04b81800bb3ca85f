/** An agent on a plain WebSocket, as any language has one. */
import { once } from "node:events";
import { WebSocket } from "ws";

export type Message = Record<string, unknown> & { type: string };

export interface Agent {
	send(message: object): void;
	/** The next message of a type; those that came earlier wait here. */
	next(type: string): Promise<Message>;
	/** Those of a type that came and were not taken yet. */
	waiting(type: string): readonly Message[];
	/** Resolves to the close code. */
	readonly closed: Promise<number>;
	close(): Promise<void>;
}

/** Connects and registers; resolves once the gateway has said so. */
export async function connectAgent(
	gatewayUrl: string,
	agentId: string,
	role = "agent",
): Promise<Agent> {
	const socket = new WebSocket(gatewayUrl);
	const inbox: Message[] = [];
	const waiting = new Set<() => void>();
	socket.on("message", (data) => {
		inbox.push(JSON.parse(String(data)));
		for (const wake of waiting) wake();
	});
	const closed = once(socket, "close").then(([code]) => code as number);
	await once(socket, "open");
	const agent: Agent = {
		send: (message) => socket.send(JSON.stringify(message)),
		next: (type) => nextOf(type, inbox, waiting),
		waiting: (type) => inbox.filter((message) => message.type === type),
		closed,
		async close() {
			socket.close();
			await closed;
		},
	};
	agent.send({ type: "agent_register", agentId, role });
	await agent.next("agent_registered");
	return agent;
}

async function nextOf(
	type: string,
	inbox: Message[],
	waiting: Set<() => void>,
): Promise<Message> {
	for (;;) {
		const index = inbox.findIndex((message) => message.type === type);
		const [found] = index < 0 ? [] : inbox.splice(index, 1);
		if (found) return found;
		await new Promise<void>((resolve) => {
			const wake = () => {
				waiting.delete(wake);
				resolve();
			};
			waiting.add(wake);
		});
	}
}
