/** `ask`: a question to one agent, and its answer. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import type { BackingAgent } from "../agent/backing-agent.ts";
import type { Caller } from "../caller.ts";
import { answer, OVERHEAD } from "./answer.ts";
import { createBudget } from "./budget.ts";
import { LONGEST_WAIT } from "./listen.ts";
import { about, run } from "./run.ts";
import { input, NAME, TEXT } from "./schema.ts";
import { takeWords } from "./words.ts";

interface Input {
	readonly to: string;
	readonly text: string;
	readonly timeout_seconds?: number;
}

const INPUT = input<Input>(
	{
		to: { ...NAME, description: "The agent that is asked." },
		text: { ...TEXT, description: "The question." },
		timeout_seconds: {
			type: "number",
			minimum: 1,
			maximum: LONGEST_WAIT,
			default: LONGEST_WAIT,
			description: "How long to wait for the answer.",
		},
	},
	["to", "text"],
);

export function registerAsk(server: McpServer, caller: Caller): void {
	server.registerTool(
		"ask",
		{
			title: "Ask an agent",
			description:
				"Asks one agent and waits for its answer. One that comes too late is heard by `listen`.",
			inputSchema: INPUT,
			annotations: { destructiveHint: false, openWorldHint: true },
		},
		(asked, context) =>
			run(caller, context, (agent, signal) =>
				ask(agent, asked, signal, caller.options.mcpMaxCharacters),
			),
	);
}

/** @throws RequestError where there is none, which says why. */
async function ask(
	agent: BackingAgent,
	{ to, text, timeout_seconds: seconds = LONGEST_WAIT }: Input,
	signal: AbortSignal,
	most: number,
): Promise<CallToolResult> {
	const { client, heard, agentId } = agent;
	const question = { type: "agent_message", agentId, text } as const;
	const timeout = seconds * 1_000;
	const message = await client.request(to, question, { timeout, signal });
	const budget = createBudget(most - OVERHEAD - OWN);
	const { items, next } = takeWords(
		[{ n: 1, at: Date.now(), message }],
		0,
		budget,
	);
	// What did not fit is heard like any other message.
	if (!next) heard.forget(message);
	const more = next ? { more: "it is longer: `listen` tells all of it" } : {};
	return answer({ ...about(agent), ...more }, { answer: items });
}

/** Characters for what the gateway itself has to say. */
const OWN = 300;
