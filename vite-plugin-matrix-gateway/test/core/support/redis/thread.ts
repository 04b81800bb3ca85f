/** The thread: orders on the real Redis, by the real driver. It runs as it was built, not as it is. */
import { workerData } from "node:worker_threads";
import type { Order, OrderNode } from "../../../../src/core/order/order.ts";
import { SILENCE } from "../../../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
} from "../../../../src/core/world/snapshot.ts";
import type { WorldState } from "../../../../src/core/world/state.ts";
import {
	apply,
	applyEntry,
	createWorld,
} from "../../../../src/core/world/world.ts";
import { readAddress } from "../../../../src/node/order/redis/address.ts";
import { connectToRedis } from "../../../../src/node/order/redis/connection.ts";
import { keysOf } from "../../../../src/node/order/redis/keys.ts";
import { createRedisOrder } from "../../../../src/node/order/redis/redis-order.ts";
import { encodeValue } from "../../../../src/node/order/values.ts";
import { toFrame } from "../frame.ts";
import type { FromThread, ThreadData, ToThread } from "./bridge.ts";

interface Part {
	readonly order: Order;
	/** What the entries come to here, which is what a node snapshots. */
	readonly world: WorldState;
}

const { port, signal, url } = workerData as ThreadData;
const address = readAddress(url);
const parts = new Map<number, Part>();

const CODEC = {
	encode: toFrame,
	toUtf8: (text: string): Uint8Array => new TextEncoder().encode(text),
};

port.on("message", (message: ToThread) => {
	if (message.do === "open") parts.set(message.world, open(message));
	const part = parts.get(message.world);
	if (message.do === "append") part?.order.append(message.command);
	if (message.do === "end" && part) void end(message.world, part);
});

function open({
	world: number,
	node: id,
	options,
}: Extract<ToThread, { do: "open" }>): Part {
	const world = createWorld({ options, codec: CODEC, effects: SILENCE });
	let hasEnded = false;
	const node: OrderNode = {
		id,
		applyCommand(command, of = id) {
			apply(world, command, of);
			tell({ did: "command", world: number, command });
			return true;
		},
		applyEntry(entry) {
			applyEntry(world, entry, () => {});
			tell({ did: "entry", world: number, entry });
		},
		snapshot: () => cutSnapshot(world),
		restore(snapshot) {
			restoreSnapshot(world, snapshot);
			tell({ did: "restore", world: number, snapshot });
		},
		members: () => world.members.all(),
		// Nobody else is there.
		isUnheard: false,
		ended(reason) {
			hasEnded = true;
			tell({ did: "ended", world: number, reason });
		},
		get hasEnded() {
			return hasEnded;
		},
	};
	const create = createRedisOrder({
		...{ address, keys: keysOf("test", nameOf(number)) },
		...{ connect: connectToRedis, tell: () => {} },
	});
	return { order: create(node), world };
}

/** One file of tests is one process, and all share the Redis. */
function nameOf(world: number): string {
	return `${process.pid}-${world}`;
}

async function end(number: number, { order, world }: Part): Promise<void> {
	parts.delete(number);
	const bytes = encodeValue(cutSnapshot(world));
	tell({ did: "kept", world: number, bytes });
	await order.close();
	const connection = await connectToRedis(address, () => {});
	const keys = keysOf("test", nameOf(number));
	await connection.ask("UNLINK", keys.log, keys.snapshots);
	connection.end();
}

function tell(message: FromThread): void {
	port.postMessage(message);
	Atomics.add(signal, 0, 1);
	Atomics.notify(signal, 0);
}
