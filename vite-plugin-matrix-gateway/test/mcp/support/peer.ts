/** An agent that an LLM meets, and what comes to it. */
import type { MatrixClient } from "../../../src/client/matrix-client.ts";
import type { MatrixMessage } from "../../../src/client/messages.ts";
import { createQueue } from "../../support/queue.ts";

export interface Peer {
	readonly client: MatrixClient;
	/** The next message of a type, whatever comes before it. */
	next(type: string): Promise<MatrixMessage>;
	/** Resolves when all that it has sent has its place. */
	settle(): Promise<void>;
}

export async function createPeer(client: MatrixClient): Promise<Peer> {
	const queue = createQueue<MatrixMessage>();
	client.on("*", (message) => queue.push(message));
	await new Promise<void>((resolve) => {
		client.onState(({ status }) => status === "online" && resolve());
	});

	async function next(type: string): Promise<MatrixMessage> {
		for (;;) {
			const message = await queue.next(type);
			if (message.type === type) return message;
		}
	}

	return {
		client,
		next,
		async settle() {
			client.send({ type: "ping" });
			await next("pong");
		},
	};
}
