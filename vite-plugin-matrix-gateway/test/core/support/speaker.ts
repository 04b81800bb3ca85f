/** A client with a session that speaks, and sends again what a gateway has not got. */
import type { SessionClient } from "./session-client.ts";

export interface Speaker {
	readonly client: SessionClient;
	/** What it sent since its session began, to be sent again where the gateway has not got it. */
	sent: string[];
}

/** One thing that a connected client does; all else is none of it. */
export interface Speech {
	readonly do: string;
	/** The place of the other one among the names, or how many of them it wants to hear. */
	readonly whom: number;
}

/** @param n Which of all steps it is, by which what is said is known again. */
export function speak(
	speaker: Speaker,
	step: Speech,
	n: number,
	names: readonly string[],
): void {
	const { connection, session, received } = speaker.client;
	if (step.do === "confirm" && session)
		connection?.send({ type: "ping", received });
	const { agentId: by } = speaker.client;
	if (step.do === "broadcast") say(speaker, { type: "note", n, by });
	if (step.do === "direct") {
		const target_id = names[step.whom];
		say(speaker, { type: "note", n, by, target_id, receipt: `r${n}` });
	}
	if (step.do === "subscribe") {
		const from = names.slice(0, step.whom);
		say(speaker, { type: "agent_subscribe", subscribe: { from } });
	}
}

/** After a resume: all but so many of what it sent. */
export function sayAgain(speaker: Speaker, received: number): void {
	const missing = speaker.sent.splice(received);
	for (const text of missing) sayText(speaker, text);
}

function say(speaker: Speaker, message: object): void {
	sayText(speaker, JSON.stringify(message));
}

function sayText({ client, sent }: Speaker, text: string): void {
	sent.push(text);
	client.connection?.send(text);
}
