import type {
	MatrixClient,
	MessageOf,
} from "vite-plugin-matrix-gateway/client";
import { TIMMY } from "./cast.ts";
import { type Chore, createChores } from "./chores.ts";
import { createGarden } from "./garden.ts";
import { nameOf } from "./knowledge.ts";
import { createLife, type Running } from "./life.ts";
import { CORNER, sidestep, ZONES } from "./places.ts";
import { isTree, type Species } from "./species.ts";
import { pick } from "./time.ts";
import { GONE, INVITED, MISSED, REPLIES, THANKS } from "./timmy-lines.ts";
import { TOPICS } from "./topics.ts";
import { speciesIn, understand } from "./visitors.ts";

/** Seconds that he waits for a guest's next question. */
const COURTESY = 9;
/** Questions and wishes past this many are let go. */
const MOST_WAITING = 8;
/** From so many plants on he thins out. */
const CROWDED = 16;

/** The interviewer says in fields of its own what a question is about. */
type Question = MessageOf<"agent_message"> & {
	readonly topic?: unknown;
	readonly thing?: unknown;
};

/**
 * Timmy: he gardens, thinks, gives interviews and does what visitors wish until the signal aborts.
 * He ends without a trace of his own: the garden stays, since it is retained, and who visits the world
 * after a restart expects it to stand. He goes on with it when he is back.
 */
export async function runTimmy(
	client: MatrixClient,
	running: Running,
): Promise<void> {
	const { agentId } = TIMMY;
	const life = createLife(client, agentId, { x: -2.6, z: 0.9 }, running);
	const { body, wording, surroundings, send, clock } = life;
	const garden = createGarden(clock, life.today);
	const chores = createChores(life, garden, agentId);
	const questions: Question[] = [];
	const errands: Chore[] = [];
	let answers = 0;

	function wish(text: string) {
		const intent = understand(text);
		const name = speciesIn(text);
		const tree = /tree/i.test(text);
		if (errands.length >= MOST_WAITING) return;
		if (intent === "plant") errands.push(() => plantWish(name, tree));
		if (intent === "light") errands.push(chores.light);
		if (intent === "thin") errands.push(chores.thin);
	}

	/** Where there is no room he makes some. */
	async function plantWish(name: string | undefined, tree: boolean) {
		const like = (species: Species) =>
			name ? species.name === name : !tree || isTree(species);
		if (await chores.plant(like)) return;
		await chores.thin();
		if (!(await chores.plant(like))) await chores.plant();
	}

	function answerTo(question: Question): string {
		const topic = TOPICS.find(({ name }) => name === question.topic);
		const thing = surroundings.things.get(String(question.thing));
		if (question.topic === "invitation")
			return wording.best(INVITED, life.knowledge());
		if (topic && !thing) return wording.best(GONE, life.knowledge());
		const about = topic && thing && topic.answer(life.sight(thing));
		if (about) {
			wording.heard(about);
			return about;
		}
		wish(question.text ?? "");
		const name = nameOf(question.agentId ?? "stranger");
		return wording.best(REPLIES, { ...life.knowledge(), name });
	}

	async function answer(question: Question) {
		const spot = sidestep(CORNER.host, answers++);
		body.show(
			"active",
			`talking with ${nameOf(question.agentId ?? "somebody")}`,
		);
		await body.walkTo(spot, CORNER.middle);
		body.behave("converse", COURTESY);
		await body.pause(1.2);
		const text = answerTo(question);
		await body.say(text);
		client.reply(question, { type: "agent_message", agentId, text });
	}

	// Whoever has spoken may speak again: he waits for it before he goes back to work.
	async function talk() {
		for (let waited = 0; waited < COURTESY; waited += 0.3) {
			const question = questions.shift();
			if (question) waited = 0;
			await (question ? answer(question) : body.pause(0.3));
		}
	}

	let last: Chore = chores.muse;
	async function workOn() {
		const { length } = garden.plants;
		const weighed: Chore[] = [
			...Array(length < 10 ? 5 : 2).fill(chores.plant),
			...Array(4).fill(chores.water),
			...Array(length >= CROWDED ? 5 : 0).fill(chores.thin),
			...[chores.light, chores.muse, chores.muse],
		].filter((chore) => chore !== last);
		last = pick(weighed, clock.random);
		await last();
	}

	function settleIn() {
		if (garden.plants.length === 0) garden.adopt(surroundings.things.values());
		const isNew = garden.plants.length === 0;
		for (let plant = 0; isNew && plant < 9; plant++) {
			garden.plant();
			if (plant < 6) garden.water();
		}
		for (let lantern = garden.lanterns; isNew && lantern < 4; lantern++)
			garden.light();
		send({ type: "world_register", id: "meadow", name: "Timmy's Meadow" });
		for (const zone of ZONES) send({ type: "zone_add", ...zone });
		for (const message of garden.announce(surroundings.things.values()))
			send(message);
	}

	const stops = [
		life.stop,
		client.on("agent_message", (question) => {
			if (question.target_id !== agentId || questions.length >= MOST_WAITING)
				return;
			questions.push(question);
		}),
		client.on("payment_flow", ({ to, from }) => {
			if (to !== agentId) return;
			const known = { ...life.knowledge(), name: nameOf(from) };
			const text = wording.fresh(THANKS, known);
			if (text) body.interject(text, from, "nod");
		}),
	];
	life.onVisitor(wish);
	try {
		await life.begin(settleIn);
		// Who opens the page sees at once that somebody is at home.
		await chores.muse();
		for (;;) {
			const gone = life.isSettled ? garden.miss(surroundings.things) : 0;
			if (gone > 0)
				await body.say(wording.fresh(MISSED, { gone }), "uncertain", "shake");
			const errand = errands.shift();
			if (questions.length > 0) await talk();
			else await (errand ? errand() : workOn());
			await body.pause(1);
		}
	} finally {
		for (const stop of stops) stop();
	}
}
