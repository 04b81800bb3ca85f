/** One end of a conversation with the gateway. */

import type {
	ConnectionHandle,
	Gateway,
	Refresh,
} from "../../../src/core/gateway.ts";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { FakeHost } from "./host.ts";
import { createFakeSocket, type FakeSocket } from "./socket.ts";

export type Message = Record<string, unknown> & { type: string };

export interface Client {
	/** The connection's id. */
	readonly id: string;
	/** As it is once all that was sent has its place in the order. */
	readonly socket: FakeSocket;
	register(agentId: unknown, role?: unknown): void;
	unregister(agentId: unknown): void;
	/** Sends a message, or a text as it is. */
	send(message: object | string): void;
	/** Sends any bytes, in a text frame or a binary one. */
	sendBytes(bytes: Uint8Array, isBinary: boolean): void;
	/** Answers a protocol ping. */
	pong(): void;
	/** Lets all that was sent have its place in the order, which in memory it has at once. */
	settle(): void;
	/** Ends it from this side. */
	close(code?: number): void;
	/** Ends the turn and takes what came since the last call. */
	messages(): Message[];
	/** The same as texts, byte for byte. */
	texts(): string[];
	/** Like `messages`, but only the types. */
	types(): string[];
}

export function createClient(
	gateway: Gateway,
	host: FakeHost,
	grant?: Grant,
	compresses?: boolean,
	settle: () => void = () => {},
	refresh?: Refresh,
): Client {
	const end = {
		defer: host.defer,
		closed: (code: number) => handle.closed(code),
	};
	const socket = createFakeSocket(end, compresses);
	const handle: ConnectionHandle =
		grant || refresh
			? gateway.open(socket, grant, refresh)
			: gateway.open(socket);

	function texts(): string[] {
		host.turn();
		return socket.takeTexts();
	}

	function messages(): Message[] {
		return texts().map((text) => JSON.parse(text));
	}

	function send(message: object | string): void {
		const text =
			typeof message === "string" ? message : JSON.stringify(message);
		handle.receive(new TextEncoder().encode(text), false);
	}

	return {
		id: handle.id,
		get socket() {
			settle();
			return socket;
		},
		register: (agentId, role) =>
			send({ type: "agent_register", agentId, role }),
		unregister: (agentId) => send({ type: "agent_unregister", agentId }),
		send,
		sendBytes: (bytes, isBinary) => handle.receive(bytes, isBinary),
		settle,
		pong: () => handle.alive(),
		close: (code = 1000) => handle.closed(code),
		messages,
		texts,
		types: () => messages().map(({ type }) => type),
	};
}
