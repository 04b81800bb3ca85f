/** What a tool gets to know of who calls it, over whichever transport. */
import type { Agents, Whose } from "./agent/agents.ts";
import type { Call } from "./calls.ts";
import type { ResolvedMcpOptions } from "./options.ts";

export interface Caller {
	readonly agents: Agents;
	readonly whose: Whose;
	readonly options: ResolvedMcpOptions;
	/**
	 * Begins a call, which may end by more than its own signal.
	 * @throws AgentError where too many are being done.
	 */
	begin(requestId: string | number): Call;
}
