/** Everyone says something to all and to one, asks for a receipt, or has something retained. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Agent } from "./agent.ts";
import type { People } from "./people.ts";

/** Goes on until it is stopped. */
export function talk({ agents, prober }: People, random: Random): Stop {
	let isOver = false;
	const over = (async () => {
		while (!isOver) {
			for (const speaker of agents) speak(speaker, agents, random);
			prober.probe();
			await sleep(25);
		}
	})();
	return () => {
		isOver = true;
		return over;
	};
}

export type Stop = () => Promise<void>;

function speak(speaker: Agent, agents: readonly Agent[], random: Random): void {
	if (random.between(0, 3) === 0) speaker.speak();
	if (random.between(0, 20) === 0) speaker.retain();
	const other = random.pick(agents);
	if (other === speaker) return;
	const what = random.between(0, 6);
	if (what === 0) speaker.speak(other.name);
	if (what === 1) speaker.ask(other.name);
}
