/** What two pages must agree on. */
import type { Evaluates } from "./drivers/tab.ts";
import { snapshot } from "./fixtures.ts";

/** Leaves out where someone is while walking there. */
export async function scene(page: Evaluates) {
	const { title, roster, objects, zones, agents } = await snapshot(page);
	const standing = agents.map(({ agentId, state, target }) => ({
		agentId,
		state,
		target,
	}));
	return { title, roster, objects, zones, standing };
}
