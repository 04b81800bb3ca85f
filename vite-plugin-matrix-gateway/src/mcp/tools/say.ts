/** `say`: to everybody, or to one. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import barkSchema from "../../../schemas/bark.json" with { type: "json" };
import { RequestError } from "../../client/requests.ts";
import type { BackingAgent } from "../agent/backing-agent.ts";
import type { Outcome } from "../agent/performer.ts";
import type { Caller } from "../caller.ts";
import { answer, failure } from "./answer.ts";
import { about, run } from "./run.ts";
import { input, NAME, TEXT } from "./schema.ts";

interface Input {
	readonly text: string;
	readonly to?: string;
	readonly in_reply_to?: string;
	readonly emotion?: string;
}

const INPUT = input<Input>(
	{
		text: { ...TEXT, description: "Of a bark, pages show 280 characters." },
		to: {
			...NAME,
			description: "The agent that is to get it; without it, everybody.",
		},
		in_reply_to: {
			type: "string",
			maxLength: 256,
			description:
				"The `reply_to` of the message that this answers; with `to`.",
		},
		emotion: {
			enum: [...barkSchema.properties.emotion.enum],
			description: "How a bark looks.",
		},
	},
	["text"],
);

export function registerSay(server: McpServer, caller: Caller): void {
	server.registerTool(
		"say",
		{
			title: "Say something",
			description:
				"Barks to everybody, or with `to` says it to one agent and answers with its receipt: delivered, offline (not there), dropped (it did not come back for it) or pending (it is kept for the agent, or on its way).",
			inputSchema: INPUT,
			annotations: { destructiveHint: false, openWorldHint: true },
		},
		(said, context) =>
			run(caller, context, (agent, signal) =>
				said.to === undefined
					? bark(agent, said)
					: tellOne(agent, { ...said, to: said.to }, signal),
			),
	);
}

async function bark(
	agent: BackingAgent,
	{ text, emotion, in_reply_to }: Input,
): Promise<CallToolResult> {
	if (in_reply_to !== undefined)
		return failure("`in_reply_to` needs `to`: whoever asked.");
	const said = { type: "bark", text, ...(emotion && { emotion }) };
	const outcome = await agent.perform(said);
	return answer({ ...about(agent), ...toResult(outcome) });
}

async function tellOne(
	agent: BackingAgent,
	{ to, text, in_reply_to }: Input & { readonly to: string },
	signal: AbortSignal,
): Promise<CallToolResult> {
	const { client, agentId } = agent;
	const reply = in_reply_to === undefined ? {} : { in_reply_to };
	const message = { type: "agent_message", agentId, text, ...reply } as const;
	try {
		const receipt = await client.deliver(to, message, { signal });
		return answer({ ...about(agent), receipt });
	} catch (error) {
		const isLate = error instanceof RequestError && error.code === "timeout";
		if (isLate) return answer({ ...about(agent), receipt: "pending" });
		throw error;
	}
}

export interface ToldOutcome {
	readonly result: Outcome["is"];
	readonly code?: string;
	readonly why?: string;
}

/** What became of a broadcast, for an answer. */
export function toResult(outcome: Outcome): ToldOutcome {
	if (outcome.is !== "refused") return { result: outcome.is };
	const { code, why } = outcome;
	return { result: "refused", code, why: why.slice(0, LONGEST_WHY) };
}

/** Characters: it may name what an LLM has written. */
const LONGEST_WHY = 300;
