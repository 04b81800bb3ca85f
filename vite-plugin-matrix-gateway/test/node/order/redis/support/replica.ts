/** A node on a Redis without sockets: its world, what it applied of it, and its signs of life. */
import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import type {
	EndReason,
	Order,
	OrderNode,
} from "../../../../../src/core/order/order.ts";
import {
	type GatewayOptions,
	resolveOptions,
} from "../../../../../src/core/protocol/options.ts";
import type { Command } from "../../../../../src/core/world/command.ts";
import { worldOptionsOf } from "../../../../../src/core/world/options.ts";
import { SILENCE } from "../../../../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../../../../src/core/world/snapshot.ts";
import {
	apply,
	applyEntry,
	createWorld,
} from "../../../../../src/core/world/world.ts";
import { CODEC } from "../../../../../src/node/codec.ts";
import { readAddress } from "../../../../../src/node/order/redis/address.ts";
import {
	type Connect,
	connectToRedis,
} from "../../../../../src/node/order/redis/connection.ts";
import { keysOf } from "../../../../../src/node/order/redis/keys.ts";
import type { RedisEvent } from "../../../../../src/node/order/redis/redis-event.ts";
import {
	createRedisOrder,
	type RedisOrderParts,
} from "../../../../../src/node/order/redis/redis-order.ts";
import { until } from "../../../../support/until.ts";
import { join } from "../../support/commands.ts";

export interface Replica {
	readonly id: string;
	readonly order: Order;
	readonly events: readonly RedisEvent[];
	/** Why it is out of the world. */
	readonly ended: EndReason | undefined;
	/** The texts of all notes that it was told of since it takes part, in their order. */
	readonly said: readonly string[];
	/** Its world as it is. */
	world(): WorldSnapshot;
	append(...commands: Command[]): void;
	/** Resolves once it takes part. */
	ready(): Promise<void>;
	/** Ends it without a word. */
	vanish(): Promise<void>;
}

export interface ReplicaOptions
	extends Partial<
		Pick<RedisOrderParts, "pace" | "lease" | "replaces" | "connect">
	> {
	readonly options?: GatewayOptions;
	readonly id?: string;
	readonly worldName?: string;
}

/** Milliseconds between two signs of life. */
const TICK = 100;

export const KEYS = keysOf("matrix", "default");

/** Starts one, which vanishes with the test. */
export function startReplica(
	url: string,
	{ options, id = randomUUID(), worldName, ...given }: ReplicaOptions = {},
): Replica {
	const connect: Connect = given.connect ?? connectToRedis;
	const resolved = resolveOptions(options);
	const events: RedisEvent[] = [];
	const said: string[] = [];
	let hasBegun = false;
	let ended: EndReason | undefined;
	const end = (reason: EndReason) => {
		ended ??= reason;
		clearInterval(ticking);
	};
	const world = createWorld({
		options: resolved,
		codec: CODEC,
		effects: {
			...SILENCE,
			began(node) {
				hasBegun ||= node === id;
				// As a gateway does.
				if (hasBegun && node !== id) order.append({ type: "tick", ms: 0 });
			},
			broadcast(frame) {
				// What came before is read as often as it takes, and nobody is told of it.
				if (!hasBegun) return;
				const [, text] =
					/"text":"([^"]*)"/.exec(Buffer.from(frame).toString()) ?? [];
				if (text !== undefined) said.push(text);
			},
			ended(node, reason) {
				if (node === id) end(reason);
			},
		},
	});
	const node: OrderNode = {
		id,
		applyCommand(command, of = id) {
			if (!ended) apply(world, command, of);
			return true;
		},
		applyEntry(entry) {
			if (!ended) applyEntry(world, entry, () => {});
		},
		snapshot: () => cutSnapshot(world),
		restore: (snapshot) => restoreSnapshot(world, snapshot),
		members: () => world.members.all(),
		get isUnheard() {
			return world.members.isUnheard(id);
		},
		ended: end,
		get hasEnded() {
			return ended !== undefined;
		},
	};
	const order = createRedisOrder({
		...given,
		connect,
		address: readAddress(url),
		keys: worldName ? keysOf("matrix", worldName) : KEYS,
		tell: (event) => events.push(event),
	})(node);
	order.append({
		type: "up",
		options: worldOptionsOf(resolved),
		replaces: order.replaces,
	});
	const ticking = setInterval(
		() => order.append({ type: "tick", ms: TICK }),
		TICK,
	);
	const vanish = async () => {
		// It says nothing any more, and does not wait for what it has said.
		end({ code: "lost", message: "vanished" });
		await order.close();
	};
	onTestFinished(vanish);
	return {
		...{ id, order, events, said, vanish },
		get ended() {
			return ended;
		},
		world: () => cutSnapshot(world),
		append(...commands) {
			for (const command of commands) order.append(command);
		},
		async ready() {
			await until(
				() => order.health?.state,
				(state) => state === "ok",
			);
		},
	};
}

/** Waits until one is out of its world, and returns why. */
export async function endOf(replica: Replica): Promise<EndReason> {
	return until(
		() => replica.ended,
		(reason) => reason !== undefined,
	);
}

/** Has all say something, and waits until all have read it: then their worlds have to be the same. */
export async function settle(...replicas: readonly Replica[]): Promise<void> {
	const marks = replicas.map(({ append, id }) => {
		const mark = `${id} ${randomUUID()}`;
		append(join(mark));
		return mark;
	});
	await until(
		() => replicas.map(({ world }) => world().roster),
		(rosters) =>
			rosters.every((roster) => marks.every((mark) => roster.includes(mark))),
		20_000,
	);
}

/** The same for those that live by then, who are returned: where history is lost, who has applied less ends. */
export async function settleLiving(
	replicas: readonly Replica[],
): Promise<Replica[]> {
	const living = replicas.filter(({ ended }) => !ended);
	const lost = until(
		() => living.some(({ ended }) => ended),
		(isLost) => isLost,
		20_000,
	);
	const isSettled = await Promise.race([
		// Twice, so that each has spoken after the last one began: until then, who has heard it differs [ORD17].
		settle(...living)
			.then(() => settle(...living))
			.then(() => true),
		lost.then(() => false),
	]);
	return isSettled ? living : settleLiving(replicas);
}
