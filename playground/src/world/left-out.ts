import { createElement } from "../elements.ts";
import { describeLeftOut } from "../model/left-out.ts";
import type { World } from "../model/world.ts";
import type { Rect } from "./label-layout.ts";

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
