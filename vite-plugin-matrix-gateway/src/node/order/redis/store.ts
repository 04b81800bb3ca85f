/** All that one connection is asked for. */
import type { NodeId } from "../../../core/world/command.ts";
import type { Connection } from "./connection.ts";
import type { Keys } from "./keys.ts";
import { createSnapshots, type Snapshots } from "./snapshots.ts";
import { createStream, type Stream } from "./stream.ts";

export interface Store {
	readonly stream: Stream;
	readonly snapshots: Snapshots;
}

export function createStore(
	connection: Pick<Connection, "ask">,
	keys: Keys,
	node: NodeId,
): Store {
	return {
		stream: createStream(connection, keys.log),
		snapshots: createSnapshots(connection, keys, node),
	};
}
