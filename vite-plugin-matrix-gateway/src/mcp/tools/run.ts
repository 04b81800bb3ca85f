/** How every tool is called. */
import type {
	CallToolResult,
	ServerContext,
} from "@modelcontextprotocol/server";
import { RequestError } from "../../client/requests.ts";
import { AgentError } from "../agent/agent-error.ts";
import type { BackingAgent } from "../agent/backing-agent.ts";
import type { Caller } from "../caller.ts";
import { failure, type Own } from "./answer.ts";

type Work = (
	agent: BackingAgent,
	signal: AbortSignal,
) => Promise<CallToolResult>;

/** Does something as the caller's agent; why that could not be is told as the tool's own failure. */
export async function run(
	caller: Caller,
	context: ServerContext,
	work: Work,
): Promise<CallToolResult> {
	const { agents, whose } = caller;
	try {
		return await asCall(caller, context, async (signal) => {
			try {
				return await agents.use(whose, signal, (agent) => work(agent, signal));
			} catch (error) {
				// Nobody waits for it any more.
				if (signal.aborted) return failure("cancelled");
				throw error;
			}
		});
	} catch (error) {
		if (error instanceof AgentError || error instanceof RequestError)
			return failure(error.message);
		throw error;
	}
}

/**
 * Does something that counts as a call, and can be cancelled as such.
 * @throws AgentError where too many are being done.
 */
export async function asCall<Result>(
	caller: Caller,
	{ mcpReq }: ServerContext,
	work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const call = caller.begin(mcpReq.id);
	try {
		return await work(AbortSignal.any([mcpReq.signal, call.signal]));
	} finally {
		call.end();
	}
}

/** What each answer has: who one is, and whether there is something to hear. */
export function about({ agentId, heard, told }: BackingAgent): Own {
	return { you: agentId, unheard: heard.countWords(told?.n ?? 0) };
}
