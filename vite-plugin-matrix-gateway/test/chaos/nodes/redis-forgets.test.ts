/** Three nodes on one Redis that forgets: who is told that nothing is lost has lost nothing. */
import type { Scenario } from "./trial.ts";
import { tryAll } from "./try-all.ts";

const SCENARIOS: readonly Scenario[] = [
	{
		name: "ORD12 ORD17 Redis dies, and comes back empty",
		redis: {},
		losesHistory: true,
		async disturb({ redis, pass, random }) {
			await pass(random.between(200, 1_000));
			await redis.server.kill();
			await pass(random.between(0, 2_000));
			await redis.server.restart();
			await pass(1_000);
		},
	},
	{
		name: "ORD12 ORD17 FLUSHALL",
		redis: {},
		losesHistory: true,
		async disturb({ redis, pass, random }) {
			await pass(random.between(200, 1_000));
			await redis.server.command("FLUSHALL");
			await pass(random.between(500, 1_500));
		},
	},
	{
		name: "ORD12 ORD17 a replica takes over that lacks the latest",
		redis: { hasReplica: true },
		losesHistory: true,
		async disturb({ redis, pass, random }) {
			await pass(random.between(200, 1_000));
			await redis.detachReplica();
			await pass(random.between(0, 500));
			await redis.failOver();
			await pass(1_000);
		},
	},
];

tryAll(SCENARIOS);
