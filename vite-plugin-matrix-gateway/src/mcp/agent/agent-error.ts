/** Why an agent could not do what a tool was asked for; its message is for the LLM, and is the gateway's own. */
export class AgentError extends Error {
	override readonly name = "AgentError";
}
