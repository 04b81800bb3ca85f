/** LLMs by the Model Context Protocol. */
import { DEFAULTS } from "vite-plugin-matrix-gateway/protocol";
import { count, milliseconds, wholeNumber } from "../kinds/numbers.ts";
import { toggle } from "../kinds/words.ts";
import type { Setting } from "../setting.ts";

export const LLMS = {
	mcp: {
		part: "LLMs",
		flag: "mcp",
		kind: toggle,
		default: false,
		help: "Serve LLMs at /mcp, by the Model Context Protocol over HTTP: each gets an agent in the world. The token and the allowed origins are those of the other endpoints.",
	},
	mcpIdle: {
		flag: "mcp-idle",
		kind: milliseconds,
		default: DEFAULTS.mcpIdle,
		help: "Time for which such an agent stays that no tool is called for.",
	},
	maxMcpAgents: {
		flag: "max-mcp-agents",
		kind: count,
		default: DEFAULTS.maxMcpAgents,
		help: "Such agents at once; whoever would bring one more is refused.",
	},
	mcpMaxCharacters: {
		flag: "mcp-max-characters",
		kind: wholeNumber(1_000, 2 ** 31 - 1),
		default: DEFAULTS.mcpMaxCharacters,
		help: "Characters that a tool answers at most; what is past that is left out, and said to be.",
	},
} as const satisfies Record<string, Setting>;
