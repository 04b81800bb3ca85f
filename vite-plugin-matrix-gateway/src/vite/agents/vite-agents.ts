import type { LeftAgents } from "../../agents/agents.ts";

/** The agents on one of Vite's servers. */
export interface ViteAgents {
	/** All clean up, and leave. */
	leave(): Promise<void>;
	/** All clean up, and leave their sessions to those of the server that takes this one's place. */
	handOver(): Promise<LeftAgents>;
}
