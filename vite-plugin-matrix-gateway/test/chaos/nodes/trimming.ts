/** What the first node does to the log within minutes, at once: a snapshot, and no log below it. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import type { RedisServer } from "../../support/redis.ts";
import { until } from "../../support/until.ts";

const LOG = "matrix:{default}:log";
const SNAPSHOTS = "matrix:{default}:snapshots";

/** More than makes a snapshot due: it goes by what there is to read. */
const BYTES = 20 * 1024 * 1024;
const MESSAGE = 200_000;

/** Has so much said to somebody that the next snapshot is written; resolves to the place of it. */
export async function untilSnapshot(
	url: string,
	target: string,
	redis: RedisServer,
): Promise<string> {
	const socket = new WebSocket(url);
	await once(socket, "open");
	const text = "x".repeat(MESSAGE);
	const message = JSON.stringify({ type: "blob", target_id: target, text });
	for (let sent = 0; sent < BYTES; sent += MESSAGE) {
		socket.send(message);
		await sleep(10);
	}
	const [snapshot] = await until(
		async () => {
			await sleep(50);
			return (await redis.command("HVALS", SNAPSHOTS)) as string[];
		},
		({ length }) => length > 0,
	);
	socket.terminate();
	return JSON.parse(snapshot as string).id;
}

/** Lets go of the log below a place, to the entry. */
export async function trim(redis: RedisServer, id: string): Promise<void> {
	await redis.command("XTRIM", LOG, "MINID", "=", id);
}
