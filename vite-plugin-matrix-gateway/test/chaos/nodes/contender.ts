/** One of several that want one name, each on a node of its own: who lost it takes it back. */
import { WebSocket } from "ws";
import type { Random } from "../random.ts";
import type { Owner } from "./records.ts";

export interface Contender {
	/** One for each of its connections. */
	readonly owners: readonly Owner[];
	/** Whether its connection has the name, as far as it knows. */
	readonly isOnline: boolean;
	dispose(): void;
}

/** Milliseconds before it takes the name back, at least and less than. */
const PAUSE = [20, 300] as const;

export function createContender(
	url: string,
	name: string,
	random: Random,
): Contender {
	const owners: (number | "replaced")[][] = [];
	let socket: WebSocket;
	let isOver = false;
	let isOnline = false;
	open();

	function open(): void {
		const events: (number | "replaced")[] = [];
		owners.push(events);
		socket = new WebSocket(url, { handshakeTimeout: 2_000 });
		const register = { type: "agent_register", agentId: name };
		socket.on("open", () => socket.send(JSON.stringify(register)));
		socket.on("error", () => {});
		socket.on("close", () => {
			isOnline = false;
			if (!isOver) setTimeout(open, random.between(...PAUSE));
		});
		socket.on("message", (data) => {
			const message = JSON.parse(data.toString());
			if (message.type === "agent_registered") isOnline = true;
			if (message.type === "probe") events.push(message.n);
			if (message.type !== "gateway_replaced") return;
			events.push("replaced");
			isOnline = false;
		});
	}

	return {
		get owners() {
			return owners.map((events) => ({ events }));
		},
		get isOnline() {
			return isOnline;
		},
		dispose() {
			isOver = true;
			socket.terminate();
		},
	};
}
