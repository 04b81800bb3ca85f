/** Three nodes on one Redis: what becomes of nodes is nobody's loss. */
import type { Scenario } from "./trial.ts";
import { tryAll } from "./try-all.ts";

/** Milliseconds after which who is silent is declared gone, and more. */
const LONGER_THAN_THE_LEASE = 13_000;

const SCENARIOS: readonly Scenario[] = [
	{
		name: "RT5 LOG1 while many speak at once on all nodes, all hear one order",
		redis: {},
		allStay: true,
		async disturb({ people, pass, random }) {
			for (let burst = 0; burst < 20; burst++) {
				for (const agent of people.agents)
					for (let n = random.between(0, 30); n > 0; n--) agent.speak();
				await pass(random.between(0, 200));
			}
		},
	},
	{
		name: "ORD5 ORD14 a node that is killed: its agents leave once, or resume elsewhere",
		redis: {},
		async disturb({ nodes, pass, random, untilGuestLeft, untilBack }) {
			await pass(random.between(200, 1_000));
			const index = random.between(0, nodes.length);
			const node = nodes[index];
			await node?.kill();
			await untilGuestLeft(index);
			await node?.start();
			await untilBack();
			// And once more, but it is back before anybody has missed it.
			await pass(random.between(200, 1_000));
			await node?.kill();
			await node?.start();
			await pass(1_000);
		},
	},
	{
		name: "ORD13 ORD14 a node that sleeps for longer than the lease, and wakes",
		redis: {},
		async disturb({ nodes, pass, random, untilGuestLeft }) {
			await pass(random.between(200, 1_000));
			const index = random.between(0, nodes.length);
			nodes[index]?.pause();
			await pass(LONGER_THAN_THE_LEASE);
			await untilGuestLeft(index);
			nodes[index]?.unpause();
			await pass(1_000);
		},
	},
	{
		name: "SH3 a rolling restart under load",
		redis: {},
		async disturb({ nodes, pass, random, untilBack }) {
			for (const node of nodes) {
				await pass(random.between(100, 800));
				await node.stop();
				await pass(random.between(0, 300));
				await node.start();
				if (random.between(0, 2) === 0) await untilBack();
			}
		},
	},
];

tryAll(SCENARIOS);
