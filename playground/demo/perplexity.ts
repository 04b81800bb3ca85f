import {
	type MatrixClient,
	RequestError,
} from "vite-plugin-matrix-gateway/client";
import { createBody, onOnline } from "./body.ts";
import { INTERVIEW, OBSERVATIONS, pick, UNANSWERED } from "./lines.ts";
import { CORNER, SIGHTS, sidestep } from "./places.ts";
import { TIMMY } from "./timmy.ts";

export const PERPLEXITY = {
	agentId: "perplexity",
	role: "interviewer",
} as const;

/** Milliseconds that it waits for Timmy, who may have to finish something first. */
const PATIENCE = 15_000;
/** Milliseconds in which one greeting is enough, however many visitors talk. */
const GREET_AGAIN = 5_000;
/** Satoshis for an interview. */
const FEE = 21;

/** The Perplexity bot: it looks around, and interviews Timmy, until the signal aborts. */
export async function runPerplexity(
	client: MatrixClient,
	signal: AbortSignal,
): Promise<void> {
	const { agentId } = PERPLEXITY;
	const body = createBody(client, agentId, { x: 3.2, z: 0.4 }, signal);

	async function lookAround(turn: number) {
		body.show("idle", "looking around");
		await body.walkTo(pick(SIGHTS, turn));
		body.behave("inspect", 3);
		body.say(pick(OBSERVATIONS, turn), "calm", "nod");
		await body.pause(2.5);
	}

	async function ask(text: string): Promise<void> {
		body.behave("converse", 5);
		body.say(text, "calm", "nod");
		const message = { type: "agent_message", agentId, text } as const;
		const options = { timeout: PATIENCE, signal };
		await client.request(TIMMY.agentId, message, options);
	}

	async function invite() {
		body.show("waiting", "waiting for Timmy");
		const nearby = { x: CORNER.guest.x + 0.7, z: CORNER.guest.z - 0.9 };
		await Promise.all([
			ask("Timmy, do you have a minute for me?"),
			body.walkTo(nearby, CORNER.middle),
		]);
	}

	async function interview(turn: number) {
		await invite();
		body.show("active", "interviewing Timmy");
		await body.walkTo(CORNER.guest, CORNER.middle);
		for (const number of [turn * 2, turn * 2 + 1]) {
			const { question, reaction } = pick(INTERVIEW, number);
			await ask(question);
			await body.pause(2.6);
			body.say(reaction, "excited", number % 2 ? "hop" : "nod");
			await body.walkTo(sidestep(CORNER.guest, number + 1), CORNER.middle);
			await body.pause(1.4);
		}
		const [from, to] = [agentId, TIMMY.agentId];
		body.send({ type: "payment_flow", from, to, amount: FEE, unit: "sat" });
		body.say("Thank you, Timmy. For your garden!", "excited", "wave");
		await body.pause(2.4);
	}

	async function tryInterview(turn: number) {
		try {
			await interview(turn);
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof RequestError)) throw error;
			body.say(UNANSWERED, "uncertain", "shake");
			await body.pause(2);
		}
	}

	let greeted = Number.NEGATIVE_INFINITY;
	const stopHearing = client.on("visitor_message", () => {
		if (performance.now() - greeted < GREET_AGAIN) return;
		greeted = performance.now();
		body.behave("converse", 3);
		body.say("A visitor! May I ask you something later?", "excited", "wave");
	});
	const stopAnnouncing = onOnline(client, body.announce);

	try {
		for (let turn = 0; ; turn++) {
			await lookAround(turn * 2);
			await lookAround(turn * 2 + 1);
			if (client.agents.has(TIMMY.agentId)) await tryInterview(turn);
		}
	} finally {
		stopHearing();
		stopAnnouncing();
	}
}
