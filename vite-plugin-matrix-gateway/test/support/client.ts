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

export interface TestClient {
	readonly socket: WebSocket;
	/** Resolves when it ends, however that comes about. */
	readonly closed: Promise<Closed>;
	/** Sends a message, or a text as it is. */
	send(message: object | string): void;
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

function toClient(socket: WebSocket): TestClient {
	const texts = createQueue<string>();
	const closed = new Promise<Closed>((resolve) => {
		socket.on("close", (code, reason) => {
			texts.end(`closed with ${code} ${reason}`);
			resolve({ code, reason: reason.toString() });
		});
	});
	socket.on("message", (data, isBinary) => {
		texts.push(isBinary ? `binary: ${data}` : data.toString());
	});
	socket.on("error", () => {});

	async function next(type?: string): Promise<Message> {
		const message = JSON.parse(await texts.next(type ?? "a message"));
		if (type !== undefined && message.type !== type)
			expect(message).toEqual({ type });
		return message;
	}

	function send(message: object | string): void {
		socket.send(
			typeof message === "string" ? message : JSON.stringify(message),
		);
	}

	return {
		socket,
		closed,
		send,
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
