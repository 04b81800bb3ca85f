import { createElement } from "../elements.ts";
import { MAX_AGENTS_SHOWN } from "../model/agents.ts";
import { MAX_OBJECTS_SHOWN } from "../model/objects.ts";
import type { World } from "../model/world.ts";
import type { Rect } from "./label-layout.ts";

/** Says how much of the world is not drawn; empty where all is. */
export function describeLeftOut(agents: number, objects: number): string {
	const parts = [
		part(agents, MAX_AGENTS_SHOWN, "agents"),
		part(objects, MAX_OBJECTS_SHOWN, "objects"),
	].filter(Boolean);
	return parts.length === 0 ? "" : `${parts.join(", ")} shown`;
}

/** The line that says it, at the top of what no panel covers. */
export function createLeftOut(container: HTMLElement) {
	const line = createElement("p", "left-out floating");
	line.setAttribute("role", "status");
	line.hidden = true;
	container.append(line);
	let [agents, objects] = [0, 0];
	let text = "";
	let last: Rect | undefined;
	return {
		/** @returns Whether what is covered has changed. */
		update({ roster, objects: { size } }: World, free: Rect): boolean {
			if (roster.length === agents && size === objects && free === last)
				return false;
			[agents, objects, last] = [roster.length, size, free];
			const next = describeLeftOut(agents, objects);
			if (next === "" && text === "") return false;
			text = next;
			line.textContent = text;
			line.hidden = text === "";
			line.style.left = `${(free.left + free.right) / 2}px`;
			line.style.top = `${free.top}px`;
			return true;
		},
	};
}

function part(all: number, shown: number, what: string): string {
	return all > shown ? `${shown} of ${all} ${what}` : "";
}
