/** `look`: who is here, and what stands around. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import type { BackingAgent } from "../agent/backing-agent.ts";
import { bodyText, placeText, thingText } from "../agent/lines.ts";
import type { Place, Thing } from "../agent/read.ts";
import type { Caller } from "../caller.ts";
import { answer, OVERHEAD, type Own } from "./answer.ts";
import { createBudget } from "./budget.ts";
import { about, run } from "./run.ts";
import { input, MAX_CHARACTERS } from "./schema.ts";

interface Input {
	readonly near?: { readonly x: number; readonly z: number };
	readonly max_characters?: number;
}

const INPUT = input<Input>({
	near: {
		type: "object",
		properties: { x: { type: "number" }, z: { type: "number" } },
		required: ["x", "z"],
		description:
			"What is nearest to this point is told first; without it, to where you are.",
	},
	max_characters: MAX_CHARACTERS,
});

export function registerLook(server: McpServer, caller: Caller): void {
	server.registerTool(
		"look",
		{
			title: "Look around",
			description:
				"Who is here, and the objects and zones of the world, the nearest first. Places are metres: x,z or x,y,z with y up; 0,0 is the middle.",
			inputSchema: INPUT,
			annotations: { readOnlyHint: true, openWorldHint: true },
		},
		({ near, max_characters }, context) =>
			run(caller, context, async (agent) => {
				const { mcpMaxCharacters: most } = caller.options;
				const room = Math.min(max_characters ?? most, most);
				return tell(agent, near, room);
			}),
	);
}

function tell(
	agent: BackingAgent,
	near: Place | undefined,
	room: number,
): CallToolResult {
	const { view, client, agentId } = agent;
	const middle = near ?? view.bodyOf(agentId).position ?? { x: 0, z: 0 };
	const budget = createBudget(room - OVERHEAD - OWN);
	const title = view.title !== undefined && budget.take(view.title);
	// Whoever is here must not be crowded out by what stands here, nor the other way round.
	const people = createBudget(budget.room / 2);
	const agents = people.takeAll(agentLines(agent, middle));
	const things = createBudget(budget.room / 2 + people.room);
	const zones = things.takeAll(thingLines(view.zones, middle));
	const objects = things.takeAll(thingLines(view.objects, middle));
	const own: Own = {
		...about(agent),
		agents: client.agents.size,
		zones: view.zones.size,
		objects: view.objects.size,
		...leftOutOf({
			agents: agents.leftOut,
			zones: zones.leftOut,
			objects: objects.leftOut + view.unknown,
		}),
	};
	return answer(own, {
		...(title && { title: view.title }),
		agents: agents.taken,
		zones: zones.taken,
		objects: objects.taken,
	});
}

/** Characters for what the gateway itself has to say. */
const OWN = 500;

function agentLines(
	{ view, client, agentId }: BackingAgent,
	middle: Place,
): string[] {
	const lines = [...client.agents.values()].map((agent) => {
		const body = view.bodyOf(agent.agentId);
		const where = body.position && ` at ${placeText(body.position)}`;
		const how = bodyText(body);
		const you = agent.agentId === agentId ? " (you)" : "";
		const line = `${agent.agentId} (${agent.role})${you}${where ?? ""}${how && `: ${how}`}`;
		return { line, position: body.position };
	});
	return nearestFirst(lines, middle).map(({ line }) => line);
}

function thingLines(
	things: ReadonlyMap<string, Thing>,
	middle: Place,
): string[] {
	const lines = [...things].map(([id, thing]) => ({ id, ...thing }));
	return nearestFirst(lines, middle).map(({ id, ...thing }) =>
		thingText(id, thing),
	);
}

/** Those whose place is not known come last. */
function nearestFirst<Item extends { readonly position?: Place | undefined }>(
	items: readonly Item[],
	{ x, z }: Place,
): Item[] {
	const far = ({ position }: Item) =>
		position ? Math.hypot(position.x - x, position.z - z) : Number.MAX_VALUE;
	return [...items].sort((one, other) => far(one) - far(other));
}

function leftOutOf(counts: Readonly<Record<string, number>>): Own {
	const some = Object.entries(counts).filter(([, count]) => count > 0);
	return some.length > 0 ? { left_out: Object.fromEntries(some) } : {};
}
