/** A gateway as in a process of its own, which may end without a word; and the world that it leaves. */
import type { Socket } from "../core/edge/host.ts";
import type { GatewayStatus } from "../core/edge/status.ts";
import {
	type ConnectionHandle,
	createGateway,
	type GatewayHost,
} from "../core/gateway.ts";
import { continueInMemory, createMemoryOrder } from "../core/order/memory.ts";
import type { CreateOrder, OrderNode } from "../core/order/order.ts";
import type { GatewayOptions } from "../core/protocol/options.ts";
import type { WorldSnapshot } from "../core/world/snapshot.ts";
import { CODEC, decodeText } from "../node/codec.ts";
import { digestOf, keysOf } from "../node/token.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface GatewayProcess {
	open(socket: Socket): ConnectionHandle;
	status(): GatewayStatus;
	/** The world as it is now. */
	cut(): WorldSnapshot;
	/** Tells and closes everyone, as in an orderly restart. Resolves to the world that it leaves. */
	end(): Promise<WorldSnapshot | undefined>;
	/** Nothing that it has planned happens any more, and nobody is told. */
	kill(): void;
}

/** What such a process is given. */
export interface ProcessParts {
	readonly options: GatewayOptions;
	readonly time: VirtualTime;
	/** A text that is never given twice, the same in the same place of the same test. */
	nextId(): string;
	/** Told of an error of the gateway's own. */
	broken(error: unknown): void;
}

/** @param world What it goes on with; undefined for a new one. */
export function startProcess(
	{ options, time, nextId, broken }: ProcessParts,
	world: WorldSnapshot | undefined,
): GatewayProcess {
	let isAlive = true;
	let ofNode: OrderNode | undefined;
	const whileAlive = (callback: () => void) => () => {
		if (isAlive) callback();
	};
	const host: GatewayHost = {
		...CODEC,
		now: () => time.now,
		setTimer: (callback, milliseconds) =>
			time.setTimer(whileAlive(callback), milliseconds),
		defer: (callback) => time.defer(whileAlive(callback)),
		randomId: nextId,
		randomSecret: nextId,
		digest: digestOf,
		keysOf,
		fromUtf8: decodeText,
		onBroken: broken,
	};
	const createOrder: CreateOrder = (node) => {
		ofNode = node;
		return world ? continueInMemory(world)(node) : createMemoryOrder(node);
	};
	// How long a flush takes is nothing that a clock of ours tells, so none waits for others.
	const gateway = createGateway(
		host,
		{ ...options, flushWindow: 0 },
		createOrder,
	);

	return {
		open: (socket) => gateway.open(socket),
		status: gateway.status,
		cut: () => structuredClone((ofNode as OrderNode).snapshot()),
		end: () => gateway.handOver({ reason: "restart" }),
		kill() {
			isAlive = false;
		},
	};
}
