/** The WebSocket of a client in a thread: its other end is in the process, where the gateway is. */
import type { WebSocketConstructor } from "../client/environment.ts";
import {
	CLOSED,
	CLOSING,
	ClientEnd,
	CONNECTING,
	OPEN,
	type SocketEvents,
} from "../node/client-end.ts";
import { decodeText } from "../node/codec.ts";
import { payloadsOf } from "../node/frame.ts";
import { currentScope } from "./scope.ts";
import type { FromSocket, ToSocket } from "./thread-messages.ts";

/** All sockets of a thread. */
export interface ThreadSockets {
	/** Those of one client, which is an agent in a world. */
	socketsOf(agentId: string, world: string | undefined): ClientSockets;
	/** Takes what the process says to one of them. */
	take(id: number, news: ToSocket): void;
}

export interface ClientSockets {
	/** For the client's option of that name. */
	readonly WebSocket: WebSocketConstructor;
	/**
	 * From here on the client gets nothing more, and may still send. What it does not get it does not
	 * count, so that the gateway sends it again to who goes on with its session [RES3].
	 */
	deafen(): void;
}

type Post = (id: number, news: FromSocket) => void;

export function createThreadSockets(post: Post): ThreadSockets {
	const sockets = new Map<number, ThreadSocket>();
	let last = 0;
	return {
		socketsOf(agentId, world) {
			const hearing = { isDeaf: false };
			return {
				WebSocket: class extends ThreadSocket {
					constructor() {
						const id = ++last;
						super((news) => post(id, news), hearing);
						sockets.set(id, this);
						post(id, { is: "open", agentId, world });
					}
				},
				deafen() {
					hearing.isDeaf = true;
				},
			};
		},
		take(id, news) {
			sockets.get(id)?.take(news);
			if (news.is === "over") sockets.delete(id);
		},
	};
}

class ThreadSocket extends ClientEnd {
	readonly #post: (news: FromSocket) => void;
	readonly #hearing: { readonly isDeaf: boolean };
	/** Whose timers are those that its listeners set. */
	readonly #scope = currentScope();

	constructor(
		post: (news: FromSocket) => void,
		hearing: { readonly isDeaf: boolean },
	) {
		super();
		this.#post = post;
		this.#hearing = hearing;
	}

	send(text: string): void {
		if (this.readyState === OPEN) this.#post({ is: "send", text });
	}

	close(code = 1005, reason = ""): void {
		if (this.readyState >= CLOSING) return;
		this.readyState = CLOSING;
		this.#post({ is: "close", code, reason });
	}

	take(news: ToSocket): void {
		switch (news.is) {
			case "open":
				if (this.readyState === CONNECTING) this.#open();
				return;
			case "frames":
				this.#hear(news.frames);
				return;
			case "ping":
				this.#post({ is: "pong" });
				return;
			case "close":
				this.close(news.code, news.reason);
				return;
			case "over":
				this.readyState = CLOSED;
				this.tell("close", { code: news.code, reason: news.reason });
		}
	}

	#open(): void {
		this.readyState = OPEN;
		this.tell("open", undefined);
	}

	#hear(frames: Uint8Array): void {
		for (const payload of payloadsOf(frames))
			if (this.readyState === OPEN && !this.#hearing.isDeaf)
				this.tell("message", { data: decodeText(payload) });
		this.#post({ is: "taken", bytes: frames.byteLength });
	}

	protected override tell<Type extends keyof SocketEvents>(
		type: Type,
		event: SocketEvents[Type],
	): void {
		const tell = () => super.tell(type, event);
		if (this.#scope) this.#scope.run(tell);
		else tell();
	}
}
