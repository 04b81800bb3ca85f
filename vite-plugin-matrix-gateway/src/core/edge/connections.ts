import type { ConnectionId } from "../world/command.ts";
import type { Connection } from "./connection.ts";

/** Every connection of this node whose socket is not closed. */
export interface Connections {
	count(): number;
	/** How many frames were written to those that there are, and to those that were there before. */
	countSent(): number;
	get(id: ConnectionId): Connection | undefined;
	all(): IterableIterator<Connection>;
	add(connection: Connection): void;
	remove(connection: Connection): void;
	/** Calls back when the last one is gone; there and then if there is none. */
	whenEmpty(callback: () => void): void;
}

export function createConnections(): Connections {
	const connections = new Map<ConnectionId, Connection>();
	// Of those that are gone.
	let sentBefore = 0;
	let onEmpty: (() => void) | undefined;

	return {
		count: () => connections.size,
		get: (id) => connections.get(id),
		all: () => connections.values(),
		add: (connection) => void connections.set(connection.id, connection),
		countSent() {
			let sum = sentBefore;
			for (const { sent } of connections.values()) sum += sent;
			return sum;
		},
		remove({ id, sent }) {
			if (connections.delete(id)) sentBefore += sent;
			if (connections.size === 0) onEmpty?.();
		},
		whenEmpty(callback) {
			onEmpty = callback;
			if (connections.size === 0) callback();
		},
	};
}
