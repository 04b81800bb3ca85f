/** The lines between clients and a gateway, all in one process; what goes over them is written down. */
import type { WebSocketConstructor } from "../client/index.ts";
import type { Socket } from "../core/edge/host.ts";
import type { ConnectionHandle } from "../core/gateway.ts";
import { type Carry, MemoryWebSocket } from "../node/memory-socket.ts";
import type { Chance } from "./seeded.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What happened at a client's end of a connection. */
export interface TraceEntry {
	/** Milliseconds since 1970, of the virtual clock. */
	readonly at: number;
	/** Which connection: the first one is 1. */
	readonly connection: number;
	readonly what: "opened" | "sent" | "received" | "closed";
	/** The message as it was; of a close its code. */
	readonly text: string;
}

export interface Network {
	/** For the client's option of that name. */
	readonly WebSocket: WebSocketConstructor;
	readonly trace: readonly TraceEntry[];
	/** How much is on its way. */
	readonly onTheWay: number;
	/** Milliseconds that what is sent takes, the least and the most. */
	delay: readonly [number, number];
	/** Cuts the lines that are there: all, or that of a connection. */
	cut(connectionId?: string): void;
	/** Cuts one of them, if there is any. */
	cutAny(): void;
}

/** What a network is made on. */
export interface NetworkParts {
	readonly time: VirtualTime;
	readonly chance: Chance;
	/** Throws where there is no gateway for now. */
	open(socket: Socket): ConnectionHandle;
}

interface Line {
	readonly socket: MemoryWebSocket;
	readonly idOf: () => string | undefined;
}

export function createNetwork({ time, chance, open }: NetworkParts): Network {
	const trace: TraceEntry[] = [];
	const lines = new Set<Line>();
	let delay: readonly [number, number] = [0, 0];
	let onTheWay = 0;
	let connections = 0;

	function write(
		connection: number,
		what: TraceEntry["what"],
		text = "",
	): void {
		trace.push({ at: time.now, connection, what, text });
	}

	/** What is sent later does not arrive earlier. */
	function createCarry(): Carry {
		let last = 0;
		return (arrive) => {
			const [least, most] = delay;
			const due = time.now + least + (most - least) * chance();
			last = Math.max(last, due);
			onTheWay++;
			const end = () => {
				onTheWay--;
				arrive();
			};
			if (last > time.now) time.setTimer(end, last - time.now);
			else time.defer(end);
		};
	}

	class TestSocket extends MemoryWebSocket {
		readonly #number: number;

		constructor() {
			let handle: ConnectionHandle | undefined;
			super((end) => {
				handle = open(end);
				return handle;
			}, createCarry());
			const number = ++connections;
			this.#number = number;
			const line: Line = { socket: this, idOf: () => handle?.id };
			lines.add(line);
			this.addEventListener("open", () => write(number, "opened"));
			this.addEventListener("message", ({ data }) =>
				write(number, "received", data),
			);
			this.addEventListener("close", ({ code }) => {
				lines.delete(line);
				write(number, "closed", String(code));
			});
		}

		override send(data: string): void {
			write(this.#number, "sent", data);
			super.send(data);
		}
	}

	return {
		WebSocket: TestSocket,
		trace,
		get onTheWay() {
			return onTheWay;
		},
		get delay() {
			return delay;
		},
		set delay(next) {
			delay = next;
		},
		cut(connectionId) {
			for (const { socket, idOf } of [...lines])
				if (connectionId === undefined || idOf() === connectionId) socket.cut();
		},
		cutAny() {
			const all = [...lines];
			all[Math.floor(chance() * all.length)]?.socket.cut();
		},
	};
}
