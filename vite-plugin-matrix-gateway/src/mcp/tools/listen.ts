/** `listen`: what happened since a place. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import { AgentError } from "../agent/agent-error.ts";
import type { BackingAgent } from "../agent/backing-agent.ts";
import { readCursor, writeCursor } from "../agent/cursor.ts";
import type { Caller } from "../caller.ts";
import { answer, OVERHEAD, type Own } from "./answer.ts";
import { createBudget } from "./budget.ts";
import { run } from "./run.ts";
import { input, MAX_CHARACTERS } from "./schema.ts";
import { takeWords } from "./words.ts";

interface Input {
	readonly cursor?: string;
	readonly wait_seconds?: number;
	readonly max_characters?: number;
}

/** Seconds; below what clients and proxies wait for an answer. */
export const LONGEST_WAIT = 25;

const INPUT = input<Input>({
	cursor: {
		type: "string",
		maxLength: 80,
		description:
			"The cursor of an earlier answer: tells what came after it. Without it, what came after the last answer.",
	},
	wait_seconds: {
		type: "number",
		minimum: 0,
		maximum: LONGEST_WAIT,
		default: LONGEST_WAIT,
		description: "How long to wait for the first bark or message; 0 does not.",
	},
	max_characters: MAX_CHARACTERS,
});

export function registerListen(server: McpServer, caller: Caller): void {
	server.registerTool(
		"listen",
		{
			title: "Listen",
			description:
				"What happened since the last time: barks and messages word for word, moves and other changes as the last of each. Waits for the first bark or message. Where `more` is true, call again at once. Messages with a `reply_to` want an answer: `say` with `to` and `in_reply_to`.",
			inputSchema: INPUT,
			annotations: { readOnlyHint: true, openWorldHint: true },
		},
		(asked, context) =>
			run(caller, context, async (agent, signal) => {
				const from = startOf(agent, asked.cursor);
				await untilWords(agent, from.n, asked.wait_seconds, signal);
				const { mcpMaxCharacters: most } = caller.options;
				const room = Math.min(asked.max_characters ?? most, most);
				return tell(agent, from, room);
			}),
	);
}

interface Start {
	readonly n: number;
	readonly offset: number;
	/** Why something may be missing. */
	readonly missed?: string;
}

function startOf(agent: BackingAgent, text: string | undefined): Start {
	if (text === undefined)
		return agent.told ?? { n: 0, offset: 0, missed: NEW_HERE };
	const cursor = readCursor(text);
	if (!cursor) throw new AgentError("That is no cursor of `listen`.");
	if (cursor.epoch !== agent.epoch || cursor.n > agent.heard.end)
		return { n: 0, offset: 0, missed: ANOTHER_LIFE };
	return cursor;
}

const NEW_HERE = "You have only just come: what was said before is not known.";

const ANOTHER_LIFE =
	"You had left the world meanwhile: what was said until you came back is not known.";

async function untilWords(
	agent: BackingAgent,
	n: number,
	seconds: number = LONGEST_WAIT,
	signal: AbortSignal,
): Promise<void> {
	const { heard } = agent;
	const late = AbortSignal.timeout(seconds * 1_000);
	const until = AbortSignal.any([signal, late]);
	while (heard.countWords(n) === 0 && !until.aborted && !agent.isParting) {
		await heard.wait(until);
		if (!agent.isParting) agent.check();
	}
	// Nobody would get the answer: what is in it was not told.
	signal.throwIfAborted();
}

function tell(agent: BackingAgent, from: Start, room: number): CallToolResult {
	const { heard, epoch, agentId } = agent;
	const { words, latest, others, letGo } = heard.since(from.n);
	const budget = createBudget(room - OVERHEAD - OWN);
	const said = takeWords(words, from.offset, budget);
	const isAll = said.next === undefined;
	const changes = budget.takeAll(isAll ? latest : []);
	const rest = budget.takeAll(
		isAll ? others.map(({ message }) => message) : [],
	);
	const end = said.next ?? { n: heard.end, offset: 0 };
	agent.told = end;
	const leftOut = changes.leftOut + rest.leftOut;
	const own: Own = {
		you: agentId,
		cursor: writeCursor({ epoch, ...end }),
		...(!isAll && { more: true }),
		...(isAll && leftOut > 0 && { left_out: leftOut }),
		...(letGo.words > 0 && { lost_words: letGo.words }),
		...(letGo.others > 0 && { lost_others: letGo.others }),
		...missedOf(agent, from),
		...(agent.isParting && { gateway: PARTING }),
	};
	return answer(own, {
		said: said.items,
		changes: changes.taken,
		other_messages: rest.taken,
	});
}

/** Characters for what the gateway itself has to say. */
const OWN = 600;

const PARTING = "is going down or restarting; call again in a few seconds";

function missedOf({ gap }: BackingAgent, { n, missed }: Start): Own {
	const isMissing = missed ?? (n < gap ? NOT_RESUMED : undefined);
	return isMissing === undefined ? {} : { missed: isMissing };
}

const NOT_RESUMED =
	"The gateway could not go on where the connection was lost: what was said meanwhile is not known.";
