/** `vite-plugin-matrix-gateway/agents`: a project's own agents beside a gateway on Node. */
export type { AgentEvent } from "./agent-event.ts";
export { runAgentThread } from "./built-thread.ts";
export type { DescribedError, Location } from "./described-error.ts";
export {
	type RunningAgents,
	type StartAgentsOptions,
	startAgents,
} from "./start-agents.ts";
