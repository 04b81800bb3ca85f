/** A client that keeps count of what it has got, as RES2 asks, and may be cut off at any frame. */
import { expect } from "vitest";
import type { Client, Message } from "./client.ts";

/** What a client remembers between its connections, and what its connection has for it. */
export interface SessionClient {
	readonly agentId: string;
	/** Undefined while it is away. */
	connection: Client | undefined;
	/** Undefined until it has its first ack. */
	session: string | undefined;
	/** Frames that it has got and counted since the session began. */
	received: number;
	/** Everything that it has got, of all its sessions. */
	readonly got: Message[];
	/** Where in that its session began. */
	startedAt: number;
	/** What was written to it and it has not read. */
	unread: string[];
	/** Once cut: what it was written after the frames that it has read, which a replay begins with. */
	lost: string[];
}

export function createSessionClient(agentId: string): SessionClient {
	return {
		agentId,
		connection: undefined,
		session: undefined,
		received: 0,
		got: [],
		startedAt: 0,
		unread: [],
		lost: [],
	};
}

/** Connects, and asks to go on where it was, or for a session. */
export function connect(
	client: SessionClient,
	connection: Client,
	more: object = {},
	also: object = {},
): void {
	const { agentId, session, received } = client;
	client.connection = connection;
	const resume = session ? { session, received, ...more } : true;
	connection.send({ type: "agent_register", agentId, resume, ...also });
}

/** Reads so many of the frames that were written, by default all. Returns the acks among them. */
export function read(client: SessionClient, most = Number.POSITIVE_INFINITY) {
	const { connection } = client;
	if (connection) client.unread.push(...connection.socket.takeTexts());
	const texts = client.unread.splice(0, most);
	return texts.map((text) => take(client, text)).filter((ack) => ack);
}

/** Its line is cut after so many more frames; what else was on its way is gone. */
export function cut(client: SessionClient, frames: number): void {
	read(client, frames);
	const gone = client.unread.splice(0);
	if (client.session && !gone.some((text) => text.includes('"resumed":false')))
		client.lost = longer(client.lost, gone.filter(isCounted));
	client.connection?.close(1006);
	client.connection = undefined;
}

function take(client: SessionClient, text: string): Message | undefined {
	const message: Message = JSON.parse(text);
	if (message.type === "agent_registered" && "resumed" in message) {
		expect(message.resumed && client.session).not.toBeUndefined();
		if (message.resumed === false) startAnew(client, message);
		client.got.push(message);
		return message;
	}
	if (message.type === "agent_registered" && !client.session)
		startAnew(client, message);
	else if (isCounted(text)) {
		client.received++;
		const expected = client.lost.shift();
		// What the wire had shown once is what the account gives again, in that order.
		if (expected !== undefined) expect(text).toBe(expected);
	}
	client.got.push(message);
	return undefined;
}

/** Two replays of the same frames, of which one was cut off earlier. */
function longer(one: string[], other: string[]): string[] {
	const common = Math.min(one.length, other.length);
	expect(other.slice(0, common)).toEqual(one.slice(0, common));
	return one.length > other.length ? one : other;
}

function startAnew(client: SessionClient, { session }: Message): void {
	client.session = String(session);
	client.received = 0;
	client.startedAt = client.got.length;
	client.lost = [];
}

function isCounted(text: string): boolean {
	return !text.includes('"type":"pong"') && !text.includes('"resumed":');
}
