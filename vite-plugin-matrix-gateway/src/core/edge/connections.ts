import type { ConnectionId } from "../world/command.ts";
import type { Connection } from "./connection.ts";

/** Every connection of this node whose socket is not closed. */
export interface Connections {
	readonly size: number;
	get(id: ConnectionId): Connection | undefined;
	all(): IterableIterator<Connection>;
	add(connection: Connection): void;
	remove(connection: Connection): void;
	/** Calls back when the last one is gone; there and then if there is none. */
	whenEmpty(callback: () => void): void;
}

export function createConnections(): Connections {
	const connections = new Map<ConnectionId, Connection>();
	let onEmpty: (() => void) | undefined;

	return {
		get size() {
			return connections.size;
		},
		get: (id) => connections.get(id),
		all: () => connections.values(),
		add: (connection) => void connections.set(connection.id, connection),
		remove({ id }) {
			connections.delete(id);
			if (connections.size === 0) onEmpty?.();
		},
		whenEmpty(callback) {
			onEmpty = callback;
			if (connections.size === 0) callback();
		},
	};
}
