/** When an agent is there. */
import type { ClientState } from "../../client/client-state.ts";
import type { MatrixClient } from "../../client/matrix-client.ts";
import { AgentError } from "./agent-error.ts";

/** Milliseconds; less than clients of MCP wait for an answer. */
const PATIENCE = 10_000;

/**
 * Resolves when the client is registered.
 * @throws AgentError where it is refused, or has not got there in time.
 */
export function untilPresent(
	client: MatrixClient,
	signal: AbortSignal,
	patience: number = PATIENCE,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const late = () =>
			finish(new AgentError(`${AWAY}: ${reasonOf(client.state)}`));
		const given = () => finish(new AgentError("cancelled"));
		const timer = setTimeout(late, patience);
		const stop = client.onState(judge);
		signal.addEventListener("abort", given);
		if (signal.aborted) given();
		else judge(client.state);

		function judge(state: ClientState): void {
			if (state.status === "online") finish();
			if (state.status === "refused") finish(refused(state.reason));
		}

		function finish(error?: AgentError): void {
			clearTimeout(timer);
			stop();
			signal.removeEventListener("abort", given);
			if (error) reject(error);
			else resolve();
		}
	});
}

const AWAY = "The gateway cannot be reached for now, try again later";

function refused(reason: string): AgentError {
	return new AgentError(`The gateway does not let this agent in: ${reason}`);
}

function reasonOf(state: ClientState): string {
	return "reason" in state && state.reason ? state.reason : "no answer yet";
}
