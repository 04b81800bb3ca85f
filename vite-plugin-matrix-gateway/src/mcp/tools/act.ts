/** `act`: how the agent is and where it goes, and what it builds. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import type { BackingAgent } from "../agent/backing-agent.ts";
import type { Caller } from "../caller.ts";
import { ACTIONS_INPUT, type Action } from "./actions-input.ts";
import { answer } from "./answer.ts";
import { about, run } from "./run.ts";
import { toResult } from "./say.ts";

export function registerAct(server: McpServer, caller: Caller): void {
	server.registerTool(
		"act",
		{
			title: "Act in the world",
			description:
				"Does one thing or several, in order: how you are, where you go, what you build. Places are metres, y is up, and 0,0 is the middle; angles are radians. Begin the id of an object with your own name and a slash.",
			inputSchema: ACTIONS_INPUT,
			annotations: { openWorldHint: true },
		},
		({ actions }, context) =>
			run(caller, context, (agent, signal) => act(agent, actions, signal)),
	);
}

async function act(
	agent: BackingAgent,
	actions: readonly Action[],
	signal: AbortSignal,
): Promise<CallToolResult> {
	const results: object[] = [];
	for (const action of actions) {
		if (signal.aborted) break;
		const outcome = await agent.perform(action);
		results.push({ type: action.type, ...toResult(outcome) });
	}
	return answer({ ...about(agent), results });
}
