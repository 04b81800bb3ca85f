/** The Redis of a trial, or two of them, of which the second takes over without the first one's tail. */
import {
	type RedisServer,
	type RedisServerOptions,
	startRedis,
} from "../../support/redis.ts";
import type { Random } from "../random.ts";
import { createFront } from "./front.ts";

export interface RedisSide {
	/** Where the nodes find whichever is the first now. */
	readonly url: string;
	readonly server: RedisServer;
	/** Cuts the replica off from what comes. */
	detachReplica(): Promise<void>;
	/** The first is gone, and the replica takes its place with what it has. */
	failOver(): Promise<void>;
	stop(): Promise<void>;
}

export async function startRedisSide(
	options: RedisServerOptions & { readonly hasReplica?: boolean },
	random: Random,
): Promise<RedisSide> {
	const server = await startRedis(options);
	const replica = options.hasReplica
		? await startRedis({ replicaOf: server })
		: undefined;
	let port = server.port;
	const front = replica ? await createFront(() => [port], random) : undefined;
	return {
		url: front ? `redis://127.0.0.1:${front.port}` : server.url,
		server,
		async detachReplica() {
			await replica?.command("REPLICAOF", "NO", "ONE");
		},
		async failOver() {
			await server.kill();
			port = replica?.port ?? port;
		},
		async stop() {
			await front?.close();
			await Promise.all([server.stop(), replica?.stop()]);
		},
	};
}
