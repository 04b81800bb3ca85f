/** The gateway's end of a socket that a thread has. */
import type { Socket } from "../core/edge/host.ts";
import type { ConnectionHandle } from "../core/gateway.ts";
import { CLOSE } from "../core/protocol/protocol.ts";
import type { OpenSocket } from "../node/memory-socket.ts";
import { RefusedAgent } from "./refused-agent.ts";
import type { FromSocket, ToSocket } from "./thread-messages.ts";

export interface ThreadConnection {
	/** Takes what the thread says on it. */
	take(news: FromSocket): void;
	/** Its thread is gone. With 1000 the agent leaves at once, else its session waits [RES6]. */
	end(code: number): void;
}

/**
 * Opens a socket at a gateway. What was handed to the thread and not read by it counts as bytes that
 * wait, so that the gateway closes a thread which hangs as it does any slow reader [SLOW1, SLOW2].
 */
export function openThreadConnection(
	post: (news: ToSocket, transfer?: readonly ArrayBuffer[]) => void,
	open: OpenSocket,
): ThreadConnection {
	let handle: ConnectionHandle | undefined;
	let isOver = false;
	let waiting = 0;
	let taken = 0;

	async function begin(): Promise<void> {
		try {
			const opened = await open(socket);
			handle = opened;
			// The thread has given up meanwhile.
			if (isOver) opened.closed(1006);
			else post({ is: "open" });
		} catch (error) {
			const isFinal = error instanceof RefusedAgent;
			end(isFinal ? CLOSE.forbidden.code : 1006, (error as Error).message);
		}
	}

	const socket: Socket = {
		writeFrames(frames) {
			if (isOver) return 0;
			// Its memory is shared by others, and would go as a whole.
			const copy = Uint8Array.from(frames);
			waiting += copy.byteLength;
			post({ is: "frames", frames: copy }, [copy.buffer]);
			return waiting;
		},
		ping: () => post({ is: "ping" }),
		close: (code, reason) => post({ is: "close", code, reason }),
		// The gateway is not to be called within its own call.
		terminate: () => void setImmediate(() => end(1006)),
		get bufferedBytes() {
			return waiting;
		},
		get takenBytes() {
			return taken;
		},
	};

	function end(code: number, reason = ""): void {
		if (isOver) return;
		isOver = true;
		handle?.ending();
		handle?.closed(code);
		post({ is: "over", code, reason });
	}

	void begin();
	return {
		take(news) {
			if (isOver) return;
			switch (news.is) {
				case "send":
					handle?.receive(Buffer.from(news.text), false);
					return;
				case "taken":
					waiting -= news.bytes;
					taken += news.bytes;
					return;
				case "pong":
					handle?.alive();
					return;
				case "close":
					end(news.code, news.reason);
			}
		},
		end,
	};
}
