import type { Body } from "./body.ts";
import type { Garden, Planting } from "./garden.ts";
import { BEGUN, LIT, MUSINGS, PLANTED, pick, TENDED } from "./lines.ts";
import { beside, FRONT, THINKING_SPOTS } from "./places.ts";

/** Something to do, from its beginning to its end. */
export type Chore = (turn: number) => Promise<void>;

/** What a gardener does all day. */
export function createChores(
	body: Body,
	garden: Garden,
	agentId: string,
): Record<"plant" | "tend" | "light" | "muse", Chore> {
	async function work({ name, place, message }: Planting, words: string) {
		await body.walkTo(beside(place), place);
		body.behave("place", 2);
		await body.pause(1.2);
		body.send(message);
		body.say(words.replace("{name}", name), "excited", "hop");
	}

	async function plant(turn: number) {
		const planting = garden.plant();
		const title = `Plant a ${planting.name}`;
		const task = { task_id: `plant-${turn}`, agentId, title };
		body.send({ type: "task_created", ...task, status: "pending" });
		body.show("working", `planting a ${planting.name}`);
		body.say(pick(BEGUN, turn));
		await work(planting, pick(PLANTED, turn));
		body.send({ type: "task_update", ...task, status: "done" });
	}

	async function tend(turn: number) {
		const tended = garden.tend();
		if (!tended) return plant(turn);
		body.show("working", `watering the ${tended.name}`);
		await work(tended, pick(TENDED, turn));
	}

	async function light(turn: number) {
		const lantern = garden.light();
		body.show("working", "lighting a lantern");
		body.say(pick(BEGUN, turn));
		await work(lantern, pick(LIT, turn));
	}

	async function muse(turn: number) {
		body.show("thinking", "thinking");
		await body.walkTo(pick(THINKING_SPOTS, turn), FRONT);
		body.behave("ponder", 4);
		body.say(pick(MUSINGS, turn), "uncertain", "nod");
		await body.pause(1.5);
	}

	return { plant, tend, light, muse };
}
