import type { Garden } from "./garden.ts";
import type { Sight } from "./knowledge.ts";
import type { Life } from "./life.ts";
import { before, FRONT, type Place, THINKING_SPOTS } from "./places.ts";
import type { Plant } from "./planting.ts";
import type { Species } from "./species.ts";
import { pick } from "./time.ts";
import { LIT, MUSINGS, PLANTED, THINNED, WATERED } from "./timmy-lines.ts";
import type { Line } from "./wording.ts";
import { withArticle } from "./words.ts";

/** Something to do, from its beginning to its end; at once where there is nothing to do. */
export type Chore = () => Promise<unknown>;

export interface Chores {
	/** False where there was no room for it. */
	plant(wish?: (species: Species) => boolean): Promise<boolean>;
	readonly water: Chore;
	readonly thin: Chore;
	readonly light: Chore;
	readonly muse: Chore;
}

/** What a gardener does all day. */
export function createChores(
	life: Life,
	garden: Garden,
	agentId: string,
): Chores {
	const { body, wording, send, surroundings, clock } = life;
	let tasks = 0;

	async function bendTo(place: Place) {
		await body.walkTo(before(place, 1.1), place);
		body.behave("place", 2);
		await body.pause(1.4);
	}

	/** About a plant that may be gone by now: it is looked at as it was. */
	function sight({ id, place, ...plant }: Plant): Sight {
		const { species: name } = plant;
		const objects = new Set<string>();
		const thing = { id, place, plant, name, objects, owner: agentId, since: 0 };
		const gone = { ...thing, light: undefined };
		return life.sight(surroundings.things.get(id) ?? gone);
	}

	const speak = (lines: readonly Line<Sight>[], plant: Plant) =>
		body.say(wording.fresh(lines, sight(plant)), "excited", "nod");

	return {
		async plant(wish) {
			const deed = garden.plant(wish);
			if (!deed) return false;
			const { plant, place, message } = deed;
			const title = `Plant ${withArticle(plant.species)}`;
			// Unlike that of any other of its tasks, also of the run before.
			const task_id = `${plant.id}-${plant.planted}-${++tasks}`;
			const task = { task_id, agentId, title };
			send({ type: "task_created", ...task, status: "pending" });
			body.show("working", `planting ${withArticle(plant.species)}`);
			await bendTo(place);
			send(message);
			send({ type: "task_update", ...task, status: "done" });
			await speak(PLANTED, plant);
			return true;
		},
		async water() {
			const deed = garden.water();
			if (!deed) return;
			body.show("working", `watering ${deed.plant.name}`);
			await bendTo(deed.place);
			send(deed.message);
			// Not every can of water is worth a word.
			await (clock.random() < 0.6
				? speak(WATERED, deed.plant)
				: body.pause(1.5));
		},
		async thin() {
			const deed = garden.thin();
			if (!deed) return;
			body.show("working", "thinning out");
			await bendTo(deed.place);
			const last = sight(deed.plant);
			send(deed.message);
			await body.say(wording.fresh(THINNED, last), "uncertain", "nod");
		},
		async light() {
			const { place, message } = garden.light();
			body.show("working", "lighting a lantern");
			await bendTo(place);
			send(message);
			await body.say(wording.fresh(LIT, life.knowledge()), "excited", "hop");
		},
		async muse() {
			body.show("thinking", "thinking");
			await body.walkTo(pick(THINKING_SPOTS, clock.random), FRONT);
			body.behave("ponder", 5);
			await body.pause(1);
			await body.say(wording.fresh(MUSINGS, life.knowledge()), "uncertain");
		},
	};
}
