/** A connection that says what it is given, byte for byte. */
import { toSocketUrl, toSubprotocols } from "../client/address.ts";
import type { AgentInfo, WebSocketConstructor } from "../client/index.ts";
import { type MatrixMessage, parseMessage } from "../client/messages.ts";
import { readText } from "../client/read-message.ts";

export interface Voice {
	/** Resolves once it is registered, or greeted; rejects where it may not be. */
	readonly begun: Promise<void>;
	/** Rejects once its connection has ended. */
	readonly ended: Promise<never>;
	say(text: string): void;
	/** Resolves once all that it has said has its place in the order. */
	placed(): Promise<void>;
	close(): void;
}

/** Where voices are heard. */
export interface Stage {
	readonly url: string | URL;
	readonly world?: string | undefined;
	readonly token?: string | undefined;
	readonly WebSocket: WebSocketConstructor;
}

/** What a voice hears of the gateway. None of these throws. */
export interface VoiceEvents {
	message?(message: MatrixMessage): void;
	/** The gateway refuses something that it has said. */
	error(reason: string): void;
}

/** @param agent Without one it is a viewer's. */
export function openVoice(
	{ url, world, token, WebSocket }: Stage,
	agent: AgentInfo | undefined,
	events: VoiceEvents,
): Voice {
	const socket = new WebSocket(toSocketUrl(url, world), toSubprotocols(token));
	const answers: Answer[] = [];
	let failure: Error | undefined;
	let tellEnded: (why: Error) => void = () => {};
	const ended = new Promise<never>((_, reject) => {
		tellEnded = reject;
	});
	const begun = answered();
	// Whoever awaits them is told; nobody has to.
	ended.catch(() => {});
	begun.catch(() => {});

	function answered(): Promise<void> {
		if (failure) return Promise.reject(failure);
		return new Promise((resolve, reject) => answers.push({ resolve, reject }));
	}

	function fail(reason: string): void {
		const name = agent ? `"${agent.agentId}"` : "the viewer";
		failure ??= new Error(`${name}: ${reason}`);
		tellEnded(failure);
		for (const { reject } of answers.splice(0)) reject(failure);
	}

	function hear(message: MatrixMessage): void {
		const { type } = message;
		if (type === "pong" || type === "agent_registered")
			answers.shift()?.resolve();
		if (type === "gateway_error") hearError(message);
		events.message?.(message);
	}

	function hearError({ code, message }: MatrixMessage): void {
		const reason = `${readText(code)}: ${readText(message)}`;
		if (agent && !isRegistered) fail(reason);
		else events.error(reason);
	}

	let isRegistered = false;
	begun.then(
		() => {
			isRegistered = true;
		},
		() => {},
	);
	socket.addEventListener("open", () =>
		socket.send(
			JSON.stringify(
				agent ? { type: "agent_register", ...agent } : { type: "ping" },
			),
		),
	);
	socket.addEventListener("message", ({ data }) => {
		const message = parseMessage(data);
		if (message) hear(message);
	});
	// Never without a listener: it would end a Node process.
	socket.addEventListener("error", ({ message }) => fail(readText(message)));
	socket.addEventListener("close", ({ code, reason }) =>
		fail(`its connection was closed (${code}${reason && `: ${reason}`})`),
	);

	return {
		begun,
		ended,
		say(text) {
			if (failure) throw failure;
			socket.send(text);
		},
		placed() {
			if (!failure) socket.send('{"type":"ping"}');
			return answered();
		},
		close: () => socket.close(1000),
	};
}

interface Answer {
	resolve(): void;
	reject(error: Error): void;
}
