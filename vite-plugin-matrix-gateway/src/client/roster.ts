import type { AgentInfo } from "../core/protocol.ts";
import type { Answer } from "./connection.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import type { MatrixMessage } from "./messages.ts";

/** Who is present, by agentId. */
export type Agents = ReadonlyMap<string, AgentInfo>;

/** Keeps the map of those who are present in step with what the gateway says. */
export interface Roster {
	readonly agents: Agents;
	readonly changes: Listeners<Agents>;
	/** Starts from the gateway's answer to a greeting [REG2, REG4]. */
	reset(answer: Answer): void;
	/** Follows `agent_joined` and `agent_left` [PR1, PR2]; leaves other messages alone. */
	apply(message: MatrixMessage): void;
}

/** A live map of those who are present. */
export function createRoster(): Roster {
	const agents = new Map<string, AgentInfo>();
	const changes = createListeners<Agents>();
	const add = ({ agentId, role }: AgentInfo) =>
		agents.set(agentId, { agentId, role });

	return {
		agents,
		changes,
		reset(answer) {
			agents.clear();
			for (const agent of toAgents(answer)) add(agent);
			changes.notify(agents);
		},
		apply(message) {
			const agent = message as unknown as AgentInfo;
			if (message.type === "agent_joined") add(agent);
			else if (message.type === "agent_left") agents.delete(agent.agentId);
			else return;
			changes.notify(agents);
		},
	};
}

/** Everyone whom an answer names: those who were there, and who has just been registered. */
function toAgents(answer: Answer): readonly AgentInfo[] {
	return answer.type === "agent_registered"
		? [...answer.agents, answer]
		: answer.agents;
}
