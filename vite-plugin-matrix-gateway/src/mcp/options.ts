/** How an LLM's agents live, and how much a tool may tell. */
import { checkAmount } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";

/** Options of what is served to MCP clients. Durations are milliseconds. */
export interface McpOptions {
	/**
	 * For how many milliseconds an agent stays that an MCP client has brought and for which no tool is
	 * called. Then it leaves; the next call brings it back.
	 * @default 600_000
	 */
	readonly mcpIdle?: number | undefined;
	/**
	 * How many agents MCP clients may have at once, of all worlds together; whoever would bring one more
	 * is refused. One credential has 16 at most: past that the one that was without a call for the
	 * longest leaves.
	 * @default 100
	 */
	readonly maxMcpAgents?: number | undefined;
	/**
	 * The characters that a tool answers at most, as text and again as structured content: what is past
	 * that is left out, and said to be. From 1,000 on.
	 * @default 12_000
	 */
	readonly mcpMaxCharacters?: number | undefined;
}

/** The options with nothing left open. */
export interface ResolvedMcpOptions {
	readonly mcpIdle: number;
	readonly maxMcpAgents: number;
	readonly mcpMaxCharacters: number;
}

/** Less than that has no room for what the gateway itself has to say. */
export const MIN_CHARACTERS = 1_000;

/**
 * Fills in the defaults.
 * @throws RangeError that names the option which is out of range.
 */
export function resolveMcp({
	mcpIdle = DEFAULTS.mcpIdle,
	maxMcpAgents = DEFAULTS.maxMcpAgents,
	mcpMaxCharacters = DEFAULTS.mcpMaxCharacters,
}: McpOptions): ResolvedMcpOptions {
	checkAmount("mcpIdle", mcpIdle);
	checkAmount("maxMcpAgents", maxMcpAgents);
	checkAmount("mcpMaxCharacters", mcpMaxCharacters, MIN_CHARACTERS);
	return { mcpIdle, maxMcpAgents, mcpMaxCharacters };
}
