/** `act`: how the agent is and where it goes, and what it builds. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import type { BackingAgent } from "../agent/backing-agent.ts";
import type { Caller } from "../caller.ts";
import { ACTIONS_INPUT, type Action } from "./actions-input.ts";
import { answer, OVERHEAD, toText } from "./answer.ts";
import { createBudget } from "./budget.ts";
import { about, run } from "./run.ts";
import { type ToldOutcome, toResult } from "./say.ts";

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
			run(caller, context, async (agent, signal) => {
				const outcomes = await perform(agent, actions, signal);
				return tell(agent, outcomes, caller.options.mcpMaxCharacters);
			}),
	);
}

async function perform(
	agent: BackingAgent,
	actions: readonly Action[],
	signal: AbortSignal,
): Promise<Result[]> {
	const results: Result[] = [];
	for (const action of actions) {
		if (signal.aborted) break;
		const outcome = await agent.perform(action);
		results.push({ type: action.type, ...toResult(outcome) });
	}
	return results;
}

/** In full where there is room; else why something was refused is told once, and what has no room is counted. */
function tell(
	agent: BackingAgent,
	results: readonly Result[],
	most: number,
): CallToolResult {
	const own = about(agent);
	const room = most - toText(own).length - OVERHEAD;
	if (createBudget(room).takeAll(results).leftOut === 0)
		return answer({ ...own, results });
	const { taken, leftOut } = createBudget(room).takeAll(withWhyOnce(results));
	const left_out = countOutcomes(results.slice(results.length - leftOut));
	return answer({ ...own, results: taken, ...(leftOut > 0 && { left_out }) });
}

function withWhyOnce(results: readonly Result[]): object[] {
	const told = new Set<string | undefined>();
	return results.map(({ why, ...result }) => {
		const isNew = why !== undefined && !told.has(why);
		told.add(why);
		return isNew ? { ...result, why } : result;
	});
}

function countOutcomes(results: readonly Result[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
	return counts;
}

type Result = ToldOutcome & { readonly type: string };
