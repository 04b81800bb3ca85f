/** Who is there when an action is tried: the one whose grant is judged, and others who may do all. */
import type { Message, TestClient } from "../../support/client.ts";
import type { EventReader } from "../../support/event-source.ts";

/**
 * What became of an action.
 *
 * - `done`: all who were to see it have.
 * - `forbidden`: who tried it was told so, and nobody else saw anything.
 * - `hidden`: it was done for others, and is not shown to whose grant is judged.
 */
export type Outcome = "done" | "forbidden" | "hidden";

export interface Scene {
	/** One more connection of who is judged, by default in its world. */
	connect(world?: string): Promise<TestClient>;
	/** One that has registered as `mallory`, in the role `agent`. */
	mallory(): Promise<TestClient>;
	/** An agent that may do all, in the role `bridge`. */
	agent(agentId: string, resume?: unknown): Promise<Other>;
	/** The answer to a request for the status of a world. */
	statusOf(world: string): Promise<number>;
	/** What a request by POST to an endpoint is answered with. */
	post(path: string, body: object, world?: string): Promise<Answer>;
	/** The events of a world, as a stream; its reader closes it. */
	events(world?: string): Promise<EventReader>;
}

/** What is tried, and what became of it. */
export type Action = (scene: Scene) => Promise<Outcome>;

/** An answer to a request. */
export interface Answer {
	readonly status: number;
	readonly body: Message;
}

/** An agent that may do all. */
export interface Other {
	readonly client: TestClient;
	/** The answer to its registration. */
	readonly ack: Message;
}

/** All that a client gets until an answer to its `ping`, and so all that came of what was sent before. */
export async function drain(client: TestClient): Promise<Message[]> {
	const messages: Message[] = [];
	client.send({ type: "ping" });
	for (;;) {
		const message = await client.next();
		if (message.type === "pong") return messages;
		messages.push(message);
	}
}

/** Sends a message, and says what its sender is told of it. */
export async function tryIt(
	client: TestClient,
	message: object,
): Promise<Outcome> {
	client.send(message);
	const errors = (await drain(client)).filter(
		({ type }) => type === "gateway_error",
	);
	if (errors.length === 0) return "done";
	const codes = errors.map(({ code }) => code).join();
	if (codes === "forbidden") return "forbidden";
	throw new Error(`neither done nor forbidden: ${codes}`);
}

/** Whether a type is among what somebody was sent. */
export function seen(messages: readonly Message[], wanted: string): Outcome {
	return messages.some(({ type }) => type === wanted) ? "done" : "hidden";
}

/** What one is told, where others see it if it is done, and only then. */
export function agree(outcome: Outcome, isSeen: boolean): Outcome {
	if (isSeen === (outcome === "done")) return outcome;
	throw new Error(`${outcome}, but seen by others: ${isSeen}`);
}
