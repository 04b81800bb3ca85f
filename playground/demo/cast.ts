/** Who lives in the demo. */
export const TIMMY = { agentId: "timmy", role: "mind" } as const;
export const PERPLEXITY = {
	agentId: "perplexity",
	role: "interviewer",
} as const;
export const IRIS = { agentId: "iris", role: "observer" } as const;
