/** A WebSocket that keeps every message from the first moment on, so that a test misses none. */
import { expect } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { createQueue } from "./queue.ts";

/** A message as JSON. */
export type Message = Readonly<Record<string, unknown>> & {
	readonly type: string;
};

/** How a WebSocket ended. */
export interface Closed {
	readonly code: number;
	readonly reason: string;
}

export interface ConnectOptions extends ClientOptions {
	readonly protocols?: string[];
}

/** One who speaks the protocol's messages, whatever brings them. */
export interface MessageClient {
	/** Resolves when it ends, however that comes about. */
	readonly closed: Promise<Closed>;
	/** Sends a message, or a text as it is. */
	send(message: object | string): void;
	/** Sends what is no text. */
	sendBinary(bytes: Uint8Array): void;
	/** Says goodbye. */
	close(code?: number): void;
	/** Is gone without a word. */
	terminate(): void;
	/** The next message, whose type must be the one named: nothing else came before it. */
	next(type?: string): Promise<Message>;
	/** The next message as it came. */
	nextText(): Promise<string>;
	/** The next message of a type, whatever comes before it. */
	skipTo(type: string): Promise<Message>;
	/** Registers; takes the ack, which is returned, and its own joined. */
	register(agentId: string, role?: string): Promise<Message>;
	/** Sends something that comes back, and asserts that nothing came before it. */
	expectNothing(): Promise<void>;
	/** Asserts that it ends without another message, and returns how. */
	expectClosed(): Promise<Closed>;
}

export interface TestClient extends MessageClient {
	readonly socket: WebSocket;
}

/** What brings messages, both ways. */
export interface Line {
	send(message: string | Uint8Array): void;
	close(code?: number): void;
	terminate(): void;
	/** Tells what comes, from the first message on. */
	listen(listener: LineListener): void;
}

export interface LineListener {
	text(text: string): void;
	ended(end: Closed): void;
}

/** Connects, and resolves when the WebSocket is open; rejects with the HTTP status otherwise. */
export async function connect(
	url: string,
	options: ConnectOptions = {},
): Promise<TestClient> {
	const { protocols = [], ...rest } = options;
	const socket = new WebSocket(url, protocols, rest);
	const client = toClient(socket);
	await new Promise<void>((resolve, reject) => {
		socket.once("open", resolve);
		socket.once("unexpected-response", (_request, response) => {
			reject(new Error(`HTTP ${response.statusCode}`));
			socket.terminate();
		});
		socket.once("error", reject);
	});
	return client;
}

/** The HTTP status with which an upgrade is refused. */
export async function statusOf(
	url: string,
	options?: ConnectOptions,
): Promise<number> {
	const error = await connect(url, options).then(
		({ socket }) => socket.terminate(),
		(reason: Error) => reason,
	);
	const status = /^HTTP (\d+)$/.exec(error?.message ?? "it was let in");
	if (!status) throw new Error(`not refused: ${error?.message ?? "let in"}`);
	return Number(status[1]);
}

/** Registers with a wish for a session, or a claim to one, and returns the answer. */
export async function registerSession(
	client: MessageClient,
	agentId: string,
	resume: unknown = true,
): Promise<Message> {
	client.send({ type: "agent_register", agentId, resume });
	return client.next("agent_registered");
}

function toClient(socket: WebSocket): TestClient {
	socket.on("error", () => {});
	const client = createMessageClient({
		send: (message) => socket.send(message),
		close: (code) => socket.close(code),
		terminate: () => socket.terminate(),
		listen({ text, ended }) {
			socket.on("message", (data, isBinary) =>
				text(isBinary ? `binary: ${data}` : data.toString()),
			);
			socket.on("close", (code, reason) =>
				ended({ code, reason: reason.toString() }),
			);
		},
	});
	return { ...client, socket };
}

/** One end of a line. */
export function createMessageClient(line: Line): MessageClient {
	const texts = createQueue<string>();
	const closed = new Promise<Closed>((resolve) => {
		line.listen({
			text: texts.push,
			ended(end) {
				texts.end(`closed with ${end.code} ${end.reason}`);
				resolve(end);
			},
		});
	});

	async function next(type?: string): Promise<Message> {
		const message = JSON.parse(await texts.next(type ?? "a message"));
		if (type !== undefined && message.type !== type)
			expect(message).toEqual({ type });
		return message;
	}

	function send(message: object | string): void {
		line.send(typeof message === "string" ? message : JSON.stringify(message));
	}

	return {
		closed,
		send,
		sendBinary: (bytes) => line.send(bytes),
		close: (code) => line.close(code),
		terminate: () => line.terminate(),
		next,
		nextText: () => texts.next("a message"),
		async skipTo(type) {
			for (;;) {
				const message = await next();
				if (message.type === type) return message;
			}
		},
		async register(agentId, role) {
			send({ type: "agent_register", agentId, role });
			const ack = await next("agent_registered");
			const joined = await next("agent_joined");
			expect(joined).toMatchObject({ agentId });
			return ack;
		},
		async expectNothing() {
			send({ type: "ping" });
			await next("pong");
		},
		async expectClosed() {
			const end = await closed;
			expect(texts.waiting()).toEqual([]);
			return end;
		},
	};
}
