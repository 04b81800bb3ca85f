/** Who lives in the demo. */
export const TIMMY = { agentId: "timmy", role: "mind" } as const;
export const PERPLEXITY = {
	agentId: "perplexity",
	role: "interviewer",
} as const;
export const IRIS = { agentId: "iris", role: "observer" } as const;

/** By their names; who comes first answers first. */
export const AT_HOME: readonly string[] = [
	TIMMY.agentId,
	PERPLEXITY.agentId,
	IRIS.agentId,
];
