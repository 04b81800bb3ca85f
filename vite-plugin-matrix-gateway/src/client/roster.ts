import type { AgentInfo } from "../core/protocol/protocol.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import type { MatrixMessage } from "./messages.ts";
import { isAgent } from "./read-message.ts";

/** Who is present, by agentId. */
export type Agents = ReadonlyMap<string, AgentInfo>;

/** The map of the agents that are present, as the gateway reports them. */
export interface Roster {
	readonly agents: Agents;
	readonly changes: Listeners<Agents>;
	/** Replaces all agents by these. */
	reset(present: Iterable<AgentInfo>): void;
	/** Applies `agent_joined` and `agent_left` [PR1, PR2]; ignores other messages. */
	apply(message: MatrixMessage): void;
}

/** Creates an empty roster. */
export function createRoster(): Roster {
	const agents = new Map<string, AgentInfo>();
	const changes = createListeners<Agents>();
	const add = ({ agentId, role }: AgentInfo) =>
		agents.set(agentId, { agentId, role });

	return {
		agents,
		changes,
		reset(present) {
			agents.clear();
			for (const agent of present) add(agent);
			changes.notify(agents);
		},
		apply(message) {
			const { type, agentId } = message;
			if (type === "agent_joined" && isAgent(message)) add(message);
			else if (type === "agent_left") agents.delete(agentId as string);
			else return;
			changes.notify(agents);
		},
	};
}
