import {
	type MatrixClient,
	RequestError,
} from "vite-plugin-matrix-gateway/client";
import { PERPLEXITY, TIMMY } from "./cast.ts";
import { createLife, type Running } from "./life.ts";
import { INVITATIONS, NOTES, PAID, UNANSWERED } from "./perplexity-lines.ts";
import { CORNER, sidestep } from "./places.ts";
import { chooseThing, type Looking, lookAt } from "./strolling.ts";
import type { Thing } from "./surroundings.ts";
import { OF_THINGS, TOPICS, type Topic } from "./topics.ts";

/** Milliseconds that it waits for Timmy, who may have to finish something first. */
const PATIENCE = 30_000;
/** Satoshis for an interview. */
const FEE = 21;
/** Questions in an interview. */
const QUESTIONS = 2;

const LOOKING_AROUND: Looking = {
	task: "looking around",
	lines: NOTES,
	seconds: 1,
};

/** The Perplexity bot: it looks around, and interviews Timmy about what it has seen, until the signal aborts. */
export async function runPerplexity(
	client: MatrixClient,
	running: Running,
): Promise<void> {
	const { agentId } = PERPLEXITY;
	const life = createLife(client, agentId, { x: 3.2, z: 0.4 }, running);
	const { body, wording, surroundings, signal, clock } = life;
	const seen = new Map<string, number>();

	async function ask(text: string, about: { topic: string; thing?: string }) {
		body.behave("converse", 5);
		const message = { type: "agent_message", agentId, text, ...about } as const;
		const options = { timeout: PATIENCE, signal };
		const answered = client.request(TIMMY.agentId, message, options);
		await Promise.all([answered, body.say(text)]);
	}

	/** About a thing that it has seen, or if that has gone another one. */
	async function askAbout(subject: Thing | undefined, number: number) {
		const thing =
			surroundings.things.get(subject?.id ?? "") ?? chooseThing(life, seen);
		if (!thing) return;
		const sight = life.sight(thing);
		// What it came to see first, and now and then the whole.
		const isNear = number === 0 || clock.random() < 0.5;
		const asked = (topics: readonly Topic[]) =>
			wording.fresh(
				topics.map(({ question }) => question),
				sight,
			);
		const text = (isNear ? asked(OF_THINGS) : undefined) ?? asked(TOPICS);
		const topic = TOPICS.find(({ question }) => question(sight) === text);
		if (text === undefined || !topic) return;
		await ask(text, { topic: topic.name, thing: thing.id });
		const reaction = wording.fresh([topic.reaction], sight);
		await body.say(reaction, "excited", number % 2 ? "hop" : "nod");
		await body.walkTo(sidestep(CORNER.guest, number + 1), CORNER.middle);
	}

	async function interview(subjects: readonly (Thing | undefined)[]) {
		body.show("waiting", "waiting for Timmy");
		const invitation = wording.best(INVITATIONS, life.knowledge());
		await body.walkTo(CORNER.guest, CORNER.middle);
		await ask(invitation, { topic: "invitation" });
		body.show("active", "interviewing Timmy");
		for (const [number, subject] of subjects.entries())
			await askAbout(subject, number);
		const [from, to] = [agentId, TIMMY.agentId];
		await body.say(wording.fresh(PAID, life.knowledge()), "excited", "wave");
		life.send({ type: "payment_flow", from, to, amount: FEE, unit: "sat" });
		await body.pause(4);
	}

	async function tryInterview(subjects: readonly (Thing | undefined)[]) {
		try {
			await interview(subjects);
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof RequestError)) throw error;
			await body.say(
				wording.fresh(UNANSWERED, life.knowledge()),
				"uncertain",
				"shake",
			);
		}
	}

	try {
		await life.begin();
		for (;;) {
			const subjects: (Thing | undefined)[] = [];
			for (let sights = 0; sights < QUESTIONS; sights++) {
				const thing = chooseThing(life, seen);
				subjects.push(thing);
				if (thing) await lookAt(life, thing, LOOKING_AROUND);
				await body.pause(thing ? 1.5 : 2);
			}
			if (client.agents.has(TIMMY.agentId)) await tryInterview(subjects);
		}
	} finally {
		life.stop();
	}
}
