/** A folder as the order of a test's gateway, which has to have the gateway's world at its end. */
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type {
	CreateOrder,
	Order,
	OrderNode,
} from "../../../src/core/order/order.ts";
import {
	type GatewayOptions,
	resolveOptions,
} from "../../../src/core/protocol/options.ts";
import { SILENCE } from "../../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../../src/core/world/snapshot.ts";
import { createWorld } from "../../../src/core/world/world.ts";
import { type Disk, NODE_DISK } from "../../../src/node/order/disk.ts";
import { createFileOrder } from "../../../src/node/order/file-order.ts";
import { recover } from "../../../src/node/order/recover.ts";
import { encodeValue } from "../../../src/node/order/values.ts";
import { toFrame } from "./frame.ts";

export interface TestFileOrder {
	readonly createOrder: CreateOrder;
	/** Expects that the files have the world, and removes them. */
	end(): void;
}

const CODEC = {
	encode: toFrame,
	toUtf8: (text: string): Uint8Array => new TextEncoder().encode(text),
};

/** Nothing here outlives a power cut. */
const DISK: Disk = {
	...NODE_DISK,
	fdatasync: ((_fd: number, callback: (error: null) => void) =>
		setImmediate(() => callback(null))) as unknown as Disk["fdatasync"],
	fsync: ((_fd: number, callback: (error: null) => void) =>
		setImmediate(() => callback(null))) as unknown as Disk["fsync"],
};

export function createTestFileOrder(given: GatewayOptions): TestFileOrder {
	const folder = fs.mkdtempSync(join(tmpdir(), "matrix-core-"));
	const options = resolveOptions(given);
	let order: Order | undefined;
	let node: OrderNode | undefined;

	/** As it is once it was restored, which is how it is compared. */
	function restored(snapshot: WorldSnapshot | undefined): WorldSnapshot {
		const world = createWorld({ options, codec: CODEC, effects: SILENCE });
		if (snapshot) restoreSnapshot(world, snapshot);
		return cutSnapshot(world);
	}

	return {
		createOrder(given) {
			const create = createFileOrder({
				...{ folder, options, codec: CODEC, disk: DISK, fsync: "never" },
				tell: () => {},
			});
			node = given;
			order = create(node);
			const { append, keep } = order;
			// These tests tell what an end is that nobody goes on after, and waits for no disk.
			return {
				...{ append, gathers: false, close: async () => {} },
				...(keep && { keep }),
			};
		},
		end() {
			order?.keep?.();
			const found = recover(DISK, folder, CODEC);
			const [kept, own] = [restored(found.world), restored(node?.snapshot())];
			// To compare 16 MiB item by item takes half a minute.
			if (!encodeValue(kept).equals(encodeValue(own)))
				expect(kept).toEqual(own);
			void order?.close().then(() => fs.rmSync(folder, { recursive: true }));
		},
	};
}
