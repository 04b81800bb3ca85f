/** Who is here, by name: the roster [REG2]. */
import type { Agent } from "./connection.ts";

/** agentId to connection: who is present. */
export interface Registry {
	get(agentId: string): Agent | undefined;
	/** Puts an agent in, in place of any other of its name, which is returned. */
	add(agent: Agent): Agent | undefined;
	/** Takes an agent out. False where the name is someone else's by now [REG5]. */
	remove(agent: Agent): boolean;
	/** All agents, in the order in which they came. */
	all(): IterableIterator<Agent>;
	/** The roster as JSON, without the agent of the given name [REG2]. */
	rosterJson(except?: string): string;
}

export function createRegistry(): Registry {
	const agents = new Map<string, Agent>();
	// A storm of N joins asks for N rosters. Adding to the text costs nothing each time
	// (V8 ropes); building it anew would cost N * N. Undefined: to be built on demand.
	let roster: string | undefined = "";

	return {
		get: (agentId) => agents.get(agentId),
		all: () => agents.values(),
		add(agent) {
			const previous = agents.get(agent.agentId);
			agents.set(agent.agentId, agent);
			if (!previous && roster !== undefined) roster = append(roster, agent);
			else if (previous?.role !== agent.role) roster = undefined;
			return previous;
		},
		remove(agent) {
			if (agents.get(agent.agentId) !== agent) return false;
			roster = undefined;
			return agents.delete(agent.agentId);
		},
		rosterJson(except) {
			if (except !== undefined && agents.has(except))
				return toArray(join(agents.values(), except));
			roster ??= join(agents.values());
			return toArray(roster);
		},
	};
}

/** Each agent with a comma before it. */
function join(agents: Iterable<Agent>, except?: string): string {
	let text = "";
	for (const agent of agents)
		if (agent.agentId !== except) text = append(text, agent);
	return text;
}

function append(text: string, { json }: Agent): string {
	return `${text},${json}`;
}

/**
 * Cutting off the first comma makes one piece of a rope, for this answer and all that follow.
 * Without that each of 2,000 joins puts it together anew: 110 µs of CPU time each.
 */
function toArray(list: string): string {
	return `[${list.slice(1)}]`;
}
