/** Three nodes on one Redis, which is away for a while, or trimmed: nobody loses anything. */
import type { Node } from "./node.ts";
import { guestOf } from "./people.ts";
import type { Scenario } from "./trial.ts";
import { trim, untilSnapshot } from "./trimming.ts";
import { tryAll } from "./try-all.ts";

const SCENARIOS: readonly Scenario[] = [
	{
		name: "ORD14 Redis sleeps for 10 s, and nobody is declared gone for it",
		redis: {},
		allStay: true,
		async disturb({ redis, pass, random }) {
			await pass(random.between(200, 1_000));
			redis.server.pause();
			await pass(10_000);
			redis.server.unpause();
			await pass(1_000);
		},
	},
	{
		name: "ORD5 150 connections to Redis are cut",
		redis: {},
		allStay: true,
		async disturb({ redis, pass, random }) {
			for (let cut = 0; cut < 150; ) {
				cut += Number(
					await redis.server.command("CLIENT", "KILL", "TYPE", "normal"),
				);
				await pass(random.between(0, 150));
			}
		},
	},
	{
		name: "ORD15 the log is trimmed where a node that sleeps has not read it",
		redis: {},
		async disturb({ nodes, redis: { server }, pass, random }) {
			const [first] = nodes as [Node];
			await pass(random.between(200, 1_000));
			// The first one writes the snapshots.
			const slow = nodes[random.between(1, nodes.length)];
			slow?.pause();
			const id = await untilSnapshot(first.url, guestOf(0), server);
			const trims = () => trim(server, id);
			const wakes = async () => slow?.unpause();
			const race = random.pick([
				[trims, wakes],
				[wakes, trims],
			]);
			await Promise.all(race.map((step) => step()));
			await pass(1_000);
		},
	},
	{
		name: "ORD12 Redis dies, and comes back with all that it had",
		redis: { aof: true },
		allStay: true,
		async disturb({ redis, pass, random }) {
			await pass(random.between(200, 1_000));
			await redis.server.kill();
			await pass(random.between(0, 2_000));
			await redis.server.restart();
			await pass(1_000);
		},
	},
];

tryAll(SCENARIOS);
