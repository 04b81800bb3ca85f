import type { Interest } from "../core/protocol/protocol.ts";
import type { StandardSchema } from "../messages/standard-schema.ts";
import type { MatrixClient } from "./matrix-client.ts";

/** What an agent's function is given besides its client. */
export interface AgentContext {
	/** Its name in the world. */
	readonly agentId: string;
	/**
	 * Aborts when this run of the agent is to end: its file was edited or removed, or the process ends.
	 * What is said until its clean-up is done still goes out.
	 */
	readonly signal: AbortSignal;
}

/** Ends what a run of an agent has begun. It has two seconds; after that the run ends without it. */
export type AgentCleanup = () => void | Promise<void>;

/**
 * What an agent does: the default export of its file. It may return what cleans up after it, and may
 * be asynchronous: a promise that stays pending until the signal aborts is a life too.
 *
 * @example
 * import type { AgentFunction } from "vite-plugin-matrix-gateway/client";
 *
 * const live: AgentFunction = (client) => {
 *   client.on("visitor_message", ({ text }) => {
 *     client.send({ type: "bark", agentId: "ada", text: `You say ${text}` });
 *   });
 * };
 * export default live;
 */
export type AgentFunction<Client = MatrixClient> = (
	client: Client,
	context: AgentContext,
	// biome-ignore lint/suspicious/noConfusingVoidType: A function that returns nothing is one.
) => void | AgentCleanup | Promise<void | AgentCleanup>;

/** All that the file of an agent may export. Of the named ones none is needed. */
export interface AgentModule {
	readonly default: AgentFunction;
	/**
	 * Its name in the world.
	 * @default the file's name, without what follows the first dot
	 */
	readonly agentId?: string;
	/**
	 * What it is.
	 * @default "agent"
	 */
	readonly role?: string;
	/**
	 * The world that it lives in.
	 * @default "default"
	 */
	readonly world?: string;
	/** What messages have to be, as of `createMatrixClient`. */
	readonly schema?: StandardSchema;
	/** What to be sent of all that is routed, as of `createMatrixClient`. */
	readonly subscribe?: Interest | null;
}
