/** `look`: who is here, and what stands around. */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import type { AgentInfo } from "../../core/protocol/protocol.ts";
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
	const infos = nearestFirst(client.agents.values(), middle, (info) =>
		view.bodyOf(info.agentId),
	);
	const agents = people.takeShown(infos, (info) => agentText(agent, info));
	const things = createBudget(budget.room / 2 + people.room);
	const takeThings = (all: ReadonlyMap<string, Thing>) =>
		things.takeShown(
			nearestFirst(all, middle, ([, thing]) => thing),
			([id, thing]) => thingText(id, thing),
		);
	const zones = takeThings(view.zones);
	const objects = takeThings(view.objects);
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

function agentText(
	{ view, agentId: own }: BackingAgent,
	{ agentId, role }: AgentInfo,
): string {
	const body = view.bodyOf(agentId);
	const where = body.position && ` at ${placeText(body.position)}`;
	const how = bodyText(body);
	const you = agentId === own ? " (you)" : "";
	return `${agentId} (${role})${you}${where ?? ""}${how && `: ${how}`}`;
}

/** Those whose place is not known come last. */
function nearestFirst<Item>(
	items: Iterable<Item>,
	{ x, z }: Place,
	placed: (item: Item) => { readonly position?: Place },
): Item[] {
	const far = ({ position }: { readonly position?: Place }) =>
		position ? Math.hypot(position.x - x, position.z - z) : Number.MAX_VALUE;
	return [...items]
		.map((item) => ({ item, away: far(placed(item)) }))
		.sort((one, other) => one.away - other.away)
		.map(({ item }) => item);
}

function leftOutOf(counts: Readonly<Record<string, number>>): Own {
	const some = Object.entries(counts).filter(([, count]) => count > 0);
	return some.length > 0 ? { left_out: Object.fromEntries(some) } : {};
}
