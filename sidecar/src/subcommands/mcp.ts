/** `mcp`: an agent in the world for an LLM, over standard input and output. */
import { isAgentId, isRole } from "vite-plugin-matrix-gateway/server";
import { GATEWAY_SETTINGS, startOrExplain } from "../gateway-address.ts";
import type { Kind } from "../kinds/kind.ts";
import { importMcp } from "../load-mcp.ts";
import type { Setting, SettingsOf } from "../setting.ts";
import { SETTINGS } from "../settings.ts";
import { leaveOnSignals } from "../signals.ts";
import { Subcommand } from "../subcommand.ts";

const agentName = createName(128, isAgentId);
const roleName = createName(64, isRole);

function createName(
	maxBytes: number,
	isName: (text: string) => boolean,
): Kind<string> {
	return {
		placeholder: "name",
		expected: `a text of 1-${maxBytes} UTF-8 bytes without control characters`,
		parse: (text) => (isName(text) ? text : undefined),
	};
}

const { mcpIdle, mcpMaxCharacters } = SETTINGS;

const OPTIONS = {
	...GATEWAY_SETTINGS,
	agent: {
		flag: "agent",
		kind: agentName,
		defaultText: "mcp- and eight digits, others each time",
		help: "The agent's name. Needed where the token allows certain names alone.",
	},
	role: {
		flag: "role",
		kind: roleName,
		default: "agent",
		help: "What the agent is.",
	},
	mcpIdle: {
		...mcpIdle,
		help: "Time for which the agent stays that no tool is called for.",
	},
	mcpMaxCharacters,
} as const satisfies Record<string, Setting>;

type Options = SettingsOf<typeof OPTIONS>;

export function createMcp(): Subcommand {
	const mcp = new Subcommand("mcp")
		.summary("Bring an LLM into the world, over standard input and output.")
		.description(DESCRIPTION)
		.addSettings(OPTIONS);
	return mcp.action(() => serve(mcp.readSettings() as Options));
}

const DESCRIPTION = `An MCP server for a desktop client, such as Claude Desktop or an editor, which starts it:

  {"mcpServers": {"matrix": {"command": "matrix-gateway",
    "args": ["mcp", "--url", "ws://localhost:8765/ws/matrix"],
    "env": {"MATRIX_GATEWAY_TOKEN": "..."}}}}

It speaks the Model Context Protocol on its standard streams and ends with its input. A gateway that
runs with --mcp needs none of it: clients reach that at /mcp.`;

async function serve({ agent, ...options }: Options): Promise<void> {
	const { serveMcpStdio } = await importMcp();
	const server = startOrExplain(() =>
		serveMcpStdio({
			...{ ...options, agentId: agent },
			// Standard output is the client's.
			onError: ({ message }) =>
				process.stderr.write(`matrix-gateway: ${message}\n`),
		}),
	);
	const end = leaveOnSignals(() => server.close());
	process.stdin.once("end", end).once("close", end);
}
