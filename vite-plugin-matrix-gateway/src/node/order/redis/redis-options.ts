import type { CreateOrder } from "../../../core/order/order.ts";
import { DEFAULT_WORLD } from "../../../core/protocol/world-name.ts";
import type { NodeId } from "../../../core/world/command.ts";
import { readAddress } from "./address.ts";
import { connectToRedis } from "./connection.ts";
import { DEFAULT_PREFIX, isRedisPrefix, keysOf } from "./keys.ts";
import { createRedisOrder, type RedisOrderParts } from "./redis-order.ts";

/** Where several gateways share one world. */
export interface RedisOptions {
	/**
	 * URL of the Redis or Valkey (7 or newer) through which all gateways that name it are one hub,
	 * `redis://user:password@host:6379`, or `rediss:` for TLS. It needs the package `@redis/client`.
	 * All of them need the same options; see SCALING.md. Without it the world is this process' alone.
	 * @default none
	 */
	readonly redis?: string;
	/**
	 * What the names of its keys begin with, as `matrix:{default}:log` does.
	 * @default "matrix"
	 */
	readonly redisPrefix?: string;
}

/** Which world it is, and in whose place a gateway comes. */
export interface RedisWorldOptions extends RedisOptions {
	/**
	 * The world's name among those that are in the same Redis.
	 * @default "default"
	 */
	readonly worldName?: string;
	/**
	 * Gateways (`Gateway.nodeId`) that were out of this world, and in whose place this one comes [ORD13].
	 * @default none
	 */
	readonly replaces?: readonly NodeId[];
}

/**
 * The order of a gateway with these options; undefined where its world is in no Redis.
 * @throws TypeError where one of them is none, or goes with `data`; no message holds a password.
 */
export function redisOrderOf(
	options: RedisWorldOptions & { readonly data?: string },
	{ tell }: Pick<RedisOrderParts, "tell">,
): CreateOrder | undefined {
	const { redis, redisPrefix = DEFAULT_PREFIX } = options;
	const { worldName = DEFAULT_WORLD, replaces } = options;
	if (redis === undefined) return undefined;
	if (options.data !== undefined)
		throw new TypeError(
			"data and redis exclude each other: a world is in a folder or in Redis",
		);
	if (!isRedisPrefix(redisPrefix))
		throw new TypeError(
			"redisPrefix has to be of 1 to 64 characters, none of which is a brace or blank",
		);
	return createRedisOrder({
		address: readAddress(redis),
		keys: keysOf(redisPrefix, worldName),
		...{ connect: connectToRedis, replaces, tell },
	});
}
