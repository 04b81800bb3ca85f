/** Who is here, by name: the roster [REG2]. */
import type { Agent } from "./peer.ts";
import { createRoster, type Roster } from "./roster.ts";

/** Agents by name: who is present. */
export interface Registry {
	get(agentId: string): Agent | undefined;
	/** Puts an agent in, in place of any other of its name, which is returned. */
	add(agent: Agent): Agent | undefined;
	/** Takes an agent out. False where the name is someone else's by now [REG5]. */
	remove(agent: Agent): boolean;
	/** All agents, in the order in which they came. */
	all(): IterableIterator<Agent>;
	/** Puts these in, in place of all that are in. */
	restore(all: readonly Agent[]): void;
	/** The roster as JSON without brackets, and without the agent of the given name [REG2]. */
	roster(except?: string): Uint8Array;
}

export function createRegistry(): Registry {
	const agents = new Map<string, Agent>();
	// Without brackets: an ack is a head, these bytes and an end. Undefined: to be built on demand.
	let roster: Roster | undefined;

	return {
		get: (agentId) => agents.get(agentId),
		all: () => agents.values(),
		add(agent) {
			const previous = agents.get(agent.agentId);
			agents.set(agent.agentId, agent);
			if (!previous) roster?.append(agent.agentId, agent.json);
			else if (previous.role !== agent.role) roster = undefined;
			return previous;
		},
		remove(agent) {
			if (agents.get(agent.agentId) !== agent) return false;
			roster = undefined;
			return agents.delete(agent.agentId);
		},
		restore(all) {
			agents.clear();
			roster = undefined;
			for (const agent of all) agents.set(agent.agentId, agent);
		},
		roster(except) {
			roster ??= rosterOf(agents.values());
			return roster.read(except);
		},
	};
}

function rosterOf(agents: Iterable<Agent>): Roster {
	const roster = createRoster();
	for (const { agentId, json } of agents) roster.append(agentId, json);
	return roster;
}
