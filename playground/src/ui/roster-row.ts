import { createElement, setText } from "../elements.ts";
import type { Agent } from "../model/agents.ts";
import { roleColor, STATES } from "../model/palette.ts";
import { readText } from "../model/values.ts";

/** One agent on the roster. */
export interface RosterRow {
	readonly element: HTMLElement;
	/** @param isSelf Whether it is the page. */
	setRole(role: string, isSelf: boolean): void;
	/** Whether it is the one that is followed. */
	setChosen(isChosen: boolean): void;
	/** @param agent Undefined for one for whom the world has no room. */
	show(agent: Agent | undefined): void;
}

export function createRosterRow(
	agentId: string,
	onChoose: (agentId: string) => void,
): RosterRow {
	const element = createElement("li", "");
	const button = createElement("button", "") as HTMLButtonElement;
	const role = createElement("span", "role");
	const doing = createElement("span", "doing");
	button.type = "button";
	button.addEventListener("click", () => onChoose(agentId));
	element.dataset.agentId = agentId;
	const name = createElement("span", "name", readText(agentId, 128));
	let shown: { state?: string; task?: string } = {};
	button.append(createElement("span", "swatch"), name, role, doing);
	element.append(button);
	return {
		element,
		setRole(next, isSelf) {
			element.style.setProperty("--role", roleColor(next));
			setText(role, isSelf ? "you" : (readText(next, 64) ?? ""));
		},
		setChosen(isChosen) {
			button.ariaPressed = `${isChosen}`;
		},
		show(agent) {
			const { state, task } = agent ?? AWAY;
			// In each frame there are a hundred of these, and hardly ever a change.
			if (shown.state === state && shown.task === task) return;
			shown = { state, task };
			element.style.setProperty("--state", STATES[state].color);
			setText(doing, inWords(state, task));
		},
	};
}

/** The state is told by its word too, not by its colour alone. */
function inWords(state: string, task: string): string {
	return task === "" ? state : `${state} · ${task}`;
}

const AWAY = { state: "idle", task: "" } as const;
