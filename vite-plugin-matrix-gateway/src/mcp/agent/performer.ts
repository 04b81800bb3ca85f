/** Says one thing after the other, and knows what became of it. */
import type { MatrixClient } from "../../client/matrix-client.ts";
import type { MatrixMessage, OutgoingMessage } from "../../client/messages.ts";
import { RequestError } from "../../client/requests.ts";
import { AgentError } from "./agent-error.ts";

/** What became of a broadcast. */
export type Outcome =
	/** It has its place: all who are there get it. */
	| { readonly is: "done" }
	| { readonly is: "refused"; readonly code: string; readonly why: string }
	/** It is on its way, or waits for the gateway to come back. */
	| { readonly is: "pending" };

export interface Performer {
	/** @throws AgentError where the agent is gone. */
	perform(message: OutgoingMessage): Promise<Outcome>;
	/** Whether a message is one that it sends to itself. */
	isOwn(message: MatrixMessage): boolean;
}

/** Milliseconds for the gateway to say what became of it. */
const PATIENCE = 10_000;

/**
 * A broadcast has no receipt, but errors and receipts come in order: so a message to oneself that asks
 * for one follows it, and what was refused is told before that one's receipt [RT5, RCPT1]. A `pong` would
 * do as well, were it not that the client sends pings of its own.
 */
export function createPerformer(
	client: MatrixClient,
	agentId: string,
): Performer {
	const fence = Math.random().toString(36).slice(2);
	let refusals: Refusal[] = [];
	let last: Promise<unknown> = Promise.resolve();

	client.on("gateway_error", ({ code, message, receipt }) => {
		// Those that name a receipt are for who asked for that.
		if (receipt === undefined)
			refusals.push({ is: "refused", code, why: message });
	});

	async function perform(message: OutgoingMessage): Promise<Outcome> {
		refusals = [];
		if (!client.send(message)) return notSent(client);
		try {
			const after = { type: "agent_message", agentId, text: "", fence };
			await client.deliver(agentId, after, { timeout: PATIENCE });
		} catch (error) {
			if (!(error instanceof RequestError)) throw error;
			if (error.code === "timeout") return { is: "pending" };
			if (error.code === "disposed") throw new AgentError(error.message);
			// Who may not say it was answered all the same.
		}
		return refusals[0] ?? { is: "done" };
	}

	return {
		perform(message) {
			const turn = last.then(() => perform(message));
			last = turn.catch(() => {});
			return turn;
		},
		isOwn: ({ type, fence: told }) =>
			type === "agent_message" && told === fence,
	};
}

type Refusal = Extract<Outcome, { is: "refused" }>;

function notSent({ state }: MatrixClient): Refusal {
	const why =
		state.status === "online"
			? "it is larger than the gateway takes"
			: "the gateway is away, and too much waits for it already";
	return { is: "refused", code: "not_sent", why };
}
