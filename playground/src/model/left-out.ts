import { MAX_AGENTS_SHOWN } from "./agents.ts";
import { MAX_OBJECTS_SHOWN } from "./objects.ts";

/** Says how much of the world is not drawn; empty where all is. */
export function describeLeftOut(agents: number, objects: number): string {
	const parts = [
		part(agents, MAX_AGENTS_SHOWN, "agents"),
		part(objects, MAX_OBJECTS_SHOWN, "objects"),
	].filter(Boolean);
	return parts.length === 0 ? "" : `${parts.join(", ")} shown`;
}

function part(all: number, shown: number, what: string): string {
	return all > shown ? `${shown} of ${all} ${what}` : "";
}
