/** What a process does with a data folder, without sockets: a world, and the order that it is from. */
import { onTestFinished } from "vitest";
import type { Order, OrderNode } from "../../../../src/core/order/order.ts";
import {
	type GatewayOptions,
	resolveOptions,
} from "../../../../src/core/protocol/options.ts";
import type { Command } from "../../../../src/core/world/command.ts";
import { SILENCE } from "../../../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../../../src/core/world/snapshot.ts";
import { apply, createWorld } from "../../../../src/core/world/world.ts";
import { CODEC } from "../../../../src/node/codec.ts";
import type { DataEvent } from "../../../../src/node/order/data-event.ts";
import {
	createFileOrder,
	type FileOrderParts,
} from "../../../../src/node/order/file-order.ts";

export interface Process {
	readonly order: Order;
	readonly events: DataEvent[];
	/** What its world was before it appended anything. */
	readonly found: WorldSnapshot;
	/** All that was applied here, without what was found. */
	readonly applied: Command[];
	/** Its world as it is. */
	world(): WorldSnapshot;
	append(...commands: Command[]): void;
	/** Ends it well. */
	close(): Promise<void>;
}

export interface ProcessOptions
	extends Partial<Pick<FileOrderParts, "fsync" | "disk" | "pace" | "initial">> {
	readonly options?: GatewayOptions;
	readonly node?: string;
}

/** Starts on a folder, and says that it is up. */
export function startProcess(
	folder: string,
	{ options, node = "n0", fsync = "never", ...given }: ProcessOptions = {},
): Process {
	const events: DataEvent[] = [];
	const applied: Command[] = [];
	const resolved = resolveOptions(options);
	const world = createWorld({
		options: resolved,
		codec: CODEC,
		effects: SILENCE,
	});
	const own: OrderNode = {
		id: node,
		applyCommand(command) {
			apply(world, command, node);
			applied.push(command);
			return true;
		},
		applyEntry: () => {},
		snapshot: () => cutSnapshot(world),
		restore: (snapshot) => restoreSnapshot(world, snapshot),
		members: () => world.members.all(),
		...{ isUnheard: false, ended: () => {}, hasEnded: false },
	};
	const createOrder = createFileOrder({
		...{ folder, fsync, options: resolved, codec: CODEC, ...given },
		tell: (event) => events.push(event),
	});
	const order = createOrder(own);
	const found = cutSnapshot(world);
	// What was replayed.
	applied.length = 0;
	let closed: Promise<void> | undefined;
	const close = () => {
		closed ??= order.close();
		return closed;
	};
	onTestFinished(close);
	order.append({ type: "up", replaces: order.replaces });
	return {
		...{ order, events, found, applied, close },
		world: () => cutSnapshot(world),
		append(...commands) {
			for (const command of commands) order.append(command);
		},
	};
}
