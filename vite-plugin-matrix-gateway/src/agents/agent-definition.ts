/** What a file says of its agent. */
import type { AgentFunction, AgentModule } from "../client/agent-module.ts";
import type { MatrixClientOptions } from "../client/options.ts";
import { isAgentId } from "../core/protocol/names.ts";
import { isWorldName, WORLD_FORM } from "../core/protocol/world-name.ts";

/** An agent, ready to run. */
export interface AgentDefinition {
	readonly agentId: string;
	readonly world: string | undefined;
	/** Of its client. */
	readonly options: Pick<MatrixClientOptions, "role" | "schema" | "subscribe">;
	readonly live: AgentFunction;
}

/** Whether two are the same agent of the same world, so that one may go on with the other's session. */
export function isSameAgent(one: Placed, other: Placed): boolean {
	return one.agentId === other.agentId && one.world === other.world;
}

type Placed = Pick<AgentDefinition, "agentId" | "world">;

/**
 * Reads what a module exports.
 * @param name Of the agent, where the module does not say.
 * @throws TypeError that says why it is no agent.
 */
export function readAgentModule(
	name: string,
	module: unknown,
): AgentDefinition {
	const exports: Partial<AgentModule> = Object(module);
	const { default: live, agentId = name, world, role } = exports;
	if (typeof live !== "function") throw new TypeError(NO_FUNCTION);
	if (!isAgentId(agentId))
		throw new TypeError(
			`\`agentId\` is a name, but ${JSON.stringify(agentId)} was exported.`,
		);
	if (world !== undefined && !isWorldName(world))
		throw new TypeError(
			`\`world\` is ${WORLD_FORM}, but ${JSON.stringify(world)} was exported.`,
		);
	const { schema, subscribe } = exports;
	return { agentId, world, live, options: { role, schema, subscribe } };
}

const NO_FUNCTION =
	"The file of an agent has a default export that is a function, which is called with its client: export default function (client) { … }";
