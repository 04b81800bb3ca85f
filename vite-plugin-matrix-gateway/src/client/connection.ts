import { CLOSE, type Interest } from "../core/protocol/protocol.ts";
import type { Clock } from "./clock.ts";
import type { WebSocketLike } from "./environment.ts";
import { type MatrixMessage, parseMessage } from "./messages.ts";
import {
	type Answer,
	readAnswer,
	readSpread,
	readText,
} from "./read-message.ts";
import type { Session } from "./session.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

/** How a connection ended. */
export interface Ending {
	readonly code: number;
	readonly reason: string;
	/** Milliseconds over which a gateway that shuts down asks its clients to spread their return. */
	readonly returnWithin?: number;
}

/** What a connection reports; nothing more once it has ended or was closed. */
export interface ConnectionEvents {
	/** The gateway's answer to the first message: messages may be sent. `message` is called with it next. */
	ready(answer: Answer): void;
	message(message: MatrixMessage): void;
	ended(ending: Ending): void;
	/** The gateway refused to register the agent; it would do so again. */
	refused(reason: string): void;
}

/** One conversation with the gateway, from the open to the close of one socket. */
export interface Connection {
	/** False where the socket is no longer open, which may be before `ended` is called. */
	send(text: string): boolean;
	/** Asks for a `pong`. */
	ping(): void;
	/** Pings at once, and waits only briefly for an answer. */
	probe(): void;
	/** Ends it without a further event. With 1000 the session ends too [RES6]. */
	close(code?: 1000): void;
}

/** Whom to register; without one the connection is a viewer's. */
export interface Agent {
	readonly agentId: string;
	readonly role?: string;
}

/** What the first message depends on, when the socket has opened. */
export interface First {
	readonly agent: Agent | undefined;
	readonly session: Session;
	/** What a registration asks to be sent, if anything [SUB1]. */
	readonly interest: { readonly wish: Interest | null | undefined };
}

/** `WebSocket.OPEN`, which an implementation may have on its class only. */
const OPEN = 1;

/** Registers, or greets as a viewer, on a socket that is about to open. */
export function openConnection(
	socket: WebSocketLike,
	first: First,
	events: ConnectionEvents,
	clock: Clock,
): Connection {
	const { agent, session } = first;
	let isReady = false;
	let isOver = false;
	let failure = "";
	let returnWithin: number | undefined;
	let watchdog: Watchdog | undefined;

	socket.addEventListener("open", () => send(toFirstMessage(first)));
	socket.addEventListener("message", ({ data }) => receive(data));
	// Never removed: an `error` event without a listener ends a Node process.
	socket.addEventListener("error", ({ message }) => {
		failure = message ?? "";
	});
	socket.addEventListener("close", ({ code, reason }) =>
		end(code, reason || failure || `connection closed (${code})`),
	);

	function send(text: string): boolean {
		if (isOver || socket.readyState !== OPEN) return false;
		socket.send(text);
		return true;
	}

	function receive(data: unknown): void {
		if (isOver) return;
		watchdog?.heard();
		const message = parseMessage(data);
		if (isReady) session.count(message?.type);
		if (message) handle(message);
	}

	function handle(message: MatrixMessage): void {
		const { type } = message;
		const isFirst = !isReady;
		if (isFirst && session.token !== undefined && isForViewers(type)) return;
		if (type === "gateway_shutdown") returnWithin = readSpread(message);
		if (isFirst && type === (agent ? "agent_registered" : "gateway_hello"))
			begin(readAnswer(message));
		if (!isOver) events.message(message);
		if (isFirst && agent && type === "gateway_error")
			refuse(readText(message.message));
	}

	function begin(answer: Answer): void {
		isReady = true;
		const { heartbeat } = answer;
		if (heartbeat > 0)
			watchdog = startWatchdog(heartbeat, { ping, dead }, clock);
		events.ready(answer);
	}

	function ping(): void {
		send(session.toPing());
	}

	function dead(): void {
		const { code, reason } = CLOSE.heartbeatLost;
		socket.close(code, reason);
		// The socket's own `close` event waits for an answer that will not come.
		end(code, reason);
	}

	/** The registration is the only message so far, so the error is about it. */
	function refuse(reason: string): void {
		if (isOver) return;
		close(1000);
		events.refused(reason);
	}

	function end(code: number, reason: string): void {
		if (isOver) return;
		finish();
		events.ended({
			code,
			reason,
			...(returnWithin !== undefined && { returnWithin }),
		});
	}

	function close(code?: 1000): void {
		if (isOver) return;
		finish();
		socket.close(code);
	}

	function finish(): void {
		isOver = true;
		watchdog?.stop();
	}

	return { send, ping, probe: () => watchdog?.probe(), close };
}

/**
 * Whether a client that waits for its session ignores a message. A slow client has become a viewer
 * by then; what it is sent as a viewer comes again after the ack [RES3].
 */
function isForViewers(type: string): boolean {
	return ![
		"agent_registered",
		"gateway_error",
		"gateway_shutdown",
		"gateway_replaced",
	].includes(type);
}

/**
 * The first message. A viewer sends `ping`, since anything but a registration makes a new
 * connection a viewer at once; silence does so only at the registration deadline [REG4].
 */
function toFirstMessage({ agent, session, interest }: First): string {
	if (!agent) return session.toPing();
	const resume = session.toRequest();
	const { wish: subscribe } = interest;
	return JSON.stringify({
		...{ type: "agent_register", ...agent, resume, subscribe },
	});
}
