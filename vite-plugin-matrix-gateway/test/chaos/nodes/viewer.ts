/** A viewer of one node, on a bare WebSocket: where that ends it comes back, and begins anew. */
import { WebSocket } from "ws";
import { type Kept, type Segment, toSegments } from "./records.ts";

export interface Viewer {
	segments(): Segment[];
	/** What is retained, as far as it was told: the latest number by agent. */
	readonly retained: ReadonlyMap<string, number>;
	readonly isOnline: boolean;
	dispose(): void;
}

/** Milliseconds before it comes back. */
const PAUSE = 50;

/** Connects one. */
export function createViewer(url: string, name: string): Viewer {
	const kept: Kept[] = [];
	let retained = new Map<string, number>();
	let socket: WebSocket;
	let isOver = false;
	let isOnline = false;
	open();

	function open(): void {
		socket = new WebSocket(url, { handshakeTimeout: 2_000 });
		let current: Kept | undefined;
		socket.on("open", () => socket.send('{"type":"ping"}'));
		socket.on("error", () => {});
		socket.on("close", () => {
			isOnline = false;
			if (!isOver) setTimeout(open, PAUSE);
		});
		socket.on("message", (data) => {
			const message = JSON.parse(data.toString());
			switch (message.type) {
				case "gateway_hello": {
					const roster = message.agents.map(
						({ agentId }: { agentId: string }) => agentId,
					);
					current = { roster, heard: [], presence: [] };
					kept.push(current);
					retained = new Map();
					break;
				}
				case "pong":
					isOnline = true;
					break;
				case "agent_joined":
				case "agent_left": {
					const isThere = message.type === "agent_joined";
					current?.presence.push({ agentId: message.agentId, isThere });
					break;
				}
				case "kept":
					retained.set(message.agentId, message.n);
					break;
				case "numbered": {
					const { agentId: from, at, target_id: to } = message;
					current?.heard.push(to ? { from, at, to } : { from, at });
				}
			}
		});
	}

	return {
		segments: () => toSegments(name, kept),
		get retained() {
			return retained;
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
