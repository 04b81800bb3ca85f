/** Once all is quiet, all nodes tell the same of who is there and of what is retained. */
import { expect } from "vitest";
import { until } from "../../support/until.ts";
import type { Node } from "./node.ts";
import { CROWN, type People } from "./people.ts";
import { createViewer } from "./viewer.ts";

/** @param losesHistory Whether what was retained may be older than what was said. */
export async function expectOneWorld(
	nodes: readonly Node[],
	{ agents }: People,
	losesHistory: boolean,
): Promise<void> {
	const names = agents.map(({ name }) => name).sort();
	for (const { roster } of agents)
		expect(roster.filter((name) => names.includes(name))).toEqual(names);
	const rosters = () => Promise.all(nodes.map(rosterAt));
	await until(rosters, ([first, ...others]) =>
		others.every((other) => String(other) === String(first)),
	);
	const kept = await Promise.all(nodes.map(retainedAt));
	const speakers = agents.filter(({ retained }) => retained > 0);
	const wanted = losesHistory
		? kept[0]
		: new Map(speakers.map(({ name, retained }) => [name, retained - 1]));
	for (const one of kept) expect(one).toEqual(wanted);
}

/** Who is there as a node tells it, but for the name that changes hands all the time. */
async function rosterAt(node: Node): Promise<string[]> {
	const { agents } = await node.status();
	return agents
		.filter(({ agentId }) => agentId !== CROWN)
		.map(({ agentId, connectionId, state }) =>
			[agentId, connectionId, state].join(" "),
		)
		.sort();
}

/** What a newcomer to a node is told of as retained. */
async function retainedAt({ url }: Node): Promise<ReadonlyMap<string, number>> {
	const viewer = createViewer(url, "late");
	await until(() => viewer.isOnline, Boolean);
	viewer.dispose();
	return viewer.retained;
}
