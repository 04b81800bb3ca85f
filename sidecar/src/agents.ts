/** An operator's own agents, beside the gateway. */
import {
	type AgentEvent,
	type RunningAgents,
	startAgents,
} from "vite-plugin-matrix-gateway/agents";
import type { Hub } from "vite-plugin-matrix-gateway/server";
import type { Logger } from "./logging.ts";
import type { Settings } from "./settings.ts";

/** Starts those that there are to be. Their threads run this same file. */
export function startOwnAgents(
	hub: Hub,
	{ agents: directory }: Pick<Settings, "agents">,
	log: Logger,
): RunningAgents | undefined {
	if (directory === undefined) return undefined;
	const agents = startAgents(hub, {
		directory,
		entry: new URL(import.meta.url),
		onEvent: (event) => logAgent(log, event),
	});
	if (agents.files.length === 0)
		log.warn({ event: "agents", directory }, "no agent is in the directory");
	return agents;
}

function logAgent(log: Logger, event: AgentEvent): void {
	const { event: what, name, file } = event;
	const agent = { event: "agent", agent: name };
	switch (what) {
		case "printed":
			log.info(agent, event.line);
			break;
		case "began":
			log.info({ ...agent, agentId: event.agentId }, "agent begun");
			break;
		case "warned":
			log.warn(agent, event.text);
			break;
		case "ended":
			log.error({ ...agent, file, retryIn: event.retryIn }, event.reason);
			break;
		default: {
			const { error, ...about } = event;
			const fields = { ...about, ...agent, failure: what };
			log.error({ ...fields, err: toError(error) }, TEXTS[what]);
		}
	}
}

const TEXTS = {
	unloadable: "the agent cannot be loaded",
	failed: "the agent has failed",
	uncaught: "the agent has met an error, and goes on",
} as const;

/** For the log, which takes what was thrown. */
function toError(described: object): Error {
	return Object.assign(new Error(), described);
}
