/** A stream in a real Redis as the order of a test's gateway, by a thread that the test waits for. */
import { expect, inject } from "vitest";
import type {
	CreateOrder,
	OrderNode,
} from "../../../../src/core/order/order.ts";
import {
	type GatewayOptions,
	resolveOptions,
} from "../../../../src/core/protocol/options.ts";
import { worldOptionsOf } from "../../../../src/core/world/options.ts";
import { encodeValue } from "../../../../src/node/order/values.ts";
import { type Bridge, createBridge, type FromThread } from "./bridge.ts";

declare module "vitest" {
	export interface ProvidedContext {
		/** Where the Redis of the tests is, and the thread that speaks to it. */
		redis: { readonly url: string; readonly thread: string };
	}
}

export interface TestRedisOrder {
	readonly createOrder: CreateOrder;
	/** Returns once all that was appended has come back. */
	settle(): void;
	/** Expects that whoever else reads the log has the same world. */
	end(): void;
}

/** One for all worlds of a process. */
let bridge: Bridge | undefined;
const listeners = new Map<number, (message: FromThread) => void>();
let worlds = 0;

/** @param defer Calls back when the gateway is idle. */
export function createTestRedisOrder(
	given: GatewayOptions,
	defer: (callback: () => void) => void,
): TestRedisOrder {
	const { url, thread } = inject("redis");
	bridge ??= createBridge(thread, url);
	const { tell } = bridge;
	const world = ++worlds;
	const options = worldOptionsOf(resolveOptions(given));
	let node: OrderNode | undefined;
	let left = 0;
	let isSettling = false;
	let isDeferred = false;
	let kept: Uint8Array | undefined;

	listeners.set(world, (message) => {
		if (message.did === "restore") node?.restore(message.snapshot);
		if (message.did === "command") node?.applyCommand(message.command);
		if (message.did === "ended") node?.ended(message.reason);
		if (message.did === "kept") kept = message.bytes;
		if (message.did !== "entry") return;
		// What it causes is behind what it was.
		if (message.entry.node === node?.id) left -= message.entry.commands.length;
		node?.applyEntry(message.entry);
	});

	function settle(): void {
		// What is applied may look at the state, which settles.
		if (isSettling) return;
		isSettling = true;
		try {
			while (left > 0 && !node?.hasEnded) hearOne();
		} finally {
			isSettling = false;
		}
	}

	return {
		settle,
		createOrder(given) {
			node = given;
			tell({ do: "open", world, node: node.id, options });
			return {
				gathers: true,
				append(command) {
					left++;
					tell({ do: "append", world, command });
					if (isDeferred) return;
					isDeferred = true;
					defer(() => {
						isDeferred = false;
						settle();
					});
				},
				close: async () => {},
			};
		},
		end() {
			settle();
			tell({ do: "end", world });
			while (!kept) hearOne();
			listeners.delete(world);
			const own = encodeValue(node?.snapshot());
			expect(own.equals(kept), "another node has the same world").toBe(true);
		},
	};
}

function hearOne(): void {
	const message = bridge?.next();
	if (message) listeners.get(message.world)?.(message);
}
