import type {
	MatrixClient,
	MessageOf,
} from "vite-plugin-matrix-gateway/client";
import { createBody, onOnline } from "./body.ts";
import { createChores } from "./chores.ts";
import { createGarden } from "./garden.ts";
import { createInbox } from "./inbox.ts";
import { answerTo, greetingFor, pick } from "./lines.ts";
import { CORNER, sidestep, THINKING_SPOTS, ZONES } from "./places.ts";

export const TIMMY = { agentId: "timmy", role: "mind" } as const;

/** Seconds that he waits for a guest's next question. */
const COURTESY = 7;

type Question = MessageOf<"agent_message">;
type Heard = Question | MessageOf<"visitor_message">;

/** Timmy's bridge: he gardens, thinks, gives interviews and greets visitors until the signal aborts. */
export async function runTimmy(
	client: MatrixClient,
	signal: AbortSignal,
): Promise<void> {
	const { agentId } = TIMMY;
	const body = createBody(client, agentId, pick(THINKING_SPOTS, 0), signal);
	const garden = createGarden();
	const chores = createChores(body, garden, agentId);
	const heard = createInbox<Heard>(8, signal);
	let answers = 0;

	async function answer(question: Question) {
		const spot = sidestep(CORNER.host, answers++);
		const text = answerTo(question.text);
		body.show("active", `talking with ${question.agentId}`);
		await body.walkTo(spot, CORNER.middle);
		body.behave("converse", COURTESY);
		await body.pause(0.6);
		body.say(text, "calm", "nod");
		if (question.reply_to)
			client.reply(question, { type: "agent_message", agentId, text });
	}

	async function greet(text: string) {
		body.behave("converse", 3);
		body.say(greetingFor(text), "excited", "wave");
		await body.pause(1.5);
		if (/tree|plant|garden/i.test(text)) await chores.plant(text.length);
		if (/light|lantern|dark/i.test(text)) await chores.light(text.length);
	}

	// Whoever has spoken may speak again: he waits for it before he goes back to work.
	async function listen(seconds: number): Promise<void> {
		const item = await heard.next(seconds * 1000);
		if (!item) return;
		if (item.type === "agent_message") await answer(item);
		else await greet(item.text);
		return listen(item.type === "agent_message" ? COURTESY : 2);
	}

	const stopHearing = hear(client, heard.put, () =>
		body.say("Thank you! The trees will hear of it.", "excited", "nod"),
	);
	const stopAnnouncing = onOnline(client, () => {
		body.send({ type: "world_register", id: "meadow", name: "Timmy's Meadow" });
		for (const zone of ZONES) body.send({ type: "zone_add", ...zone });
		for (const message of garden.announce()) body.send(message);
		body.announce();
	});

	const { plant, muse, tend, light } = chores;
	const day = [plant, muse, light, tend, muse];
	try {
		for (let turn = 0; ; turn++) {
			await pick(day, turn)(turn);
			await listen(2);
		}
	} finally {
		stopHearing();
		stopAnnouncing();
		body.send(garden.clear());
		for (const { id } of ZONES) body.send({ type: "zone_remove", id });
		body.send({ type: "world_unregister", id: "meadow" });
	}
}

/** Puts into the inbox what is meant for him; thanks for coins at once. Returns its stop. */
function hear(
	client: MatrixClient,
	put: (item: Heard) => void,
	thank: () => void,
): () => void {
	const stops = [
		client.on("agent_message", (question) => {
			if (question.target_id === TIMMY.agentId) put(question);
		}),
		client.on("visitor_message", put),
		client.on("payment_flow", ({ to }) => {
			if (to === TIMMY.agentId) thank();
		}),
	];
	return () => {
		for (const stop of stops) stop();
	};
}
