/** `leave`: the agent goes. */
import type { McpServer } from "@modelcontextprotocol/server";
import type { Caller } from "../caller.ts";
import { answer } from "./answer.ts";
import { input } from "./schema.ts";

const INPUT = input<object>({});

export function registerLeave(
	server: McpServer,
	{ agents, whose }: Caller,
): void {
	server.registerTool(
		"leave",
		{
			title: "Leave the world",
			description:
				"Your agent leaves the world at once, and hears nothing more. Any other tool brings it back.",
			inputSchema: INPUT,
			annotations: { destructiveHint: false, idempotentHint: true },
		},
		async () =>
			answer({ result: agents.leave(whose) ? "left" : "was not there" }),
	);
}
