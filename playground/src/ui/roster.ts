import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { createElement, find, setText } from "../elements.ts";
import { roleColor, STATES } from "../model/palette.ts";
import { readText } from "../model/values.ts";
import type { World } from "../model/world.ts";

/** Rows past this many are counted, not shown. */
const MAX_ROWS = 100;

/** The list of agents. */
export interface RosterPanel {
	update(world: World): void;
}

/** @param onChoose Called with the agent whose row was pressed. */
export function createRosterPanel(
	onChoose: (agentId: string) => void,
): RosterPanel {
	const panel = find(".roster");
	const [list, count] = [find("ul", panel), find(".count", panel)];
	const rows = new Map<string, HTMLElement>();
	let shown: readonly AgentInfo[] | undefined;

	function rebuild(roster: readonly AgentInfo[]) {
		shown = roster;
		rows.clear();
		for (const info of roster.slice(0, MAX_ROWS))
			rows.set(info.agentId, createRow(info, onChoose));
		list.replaceChildren(...rows.values());
		setText(count, roster.length === 0 ? "" : `${roster.length}`);
		panel.classList.toggle("empty", roster.length === 0);
	}

	return {
		update({ roster, agents }) {
			if (roster !== shown) rebuild(roster);
			for (const [agentId, row] of rows) {
				const { state, task } = agents.get(agentId) ?? AWAY;
				row.style.setProperty("--state", STATES[state].color);
				setText(find(".doing", row), task === "" ? state : task);
			}
		},
	};
}

/** Of an agent for whom the world has no room. */
const AWAY = { state: "idle", task: "" } as const;

function createRow(
	{ agentId, role }: AgentInfo,
	onChoose: (agentId: string) => void,
): HTMLElement {
	const row = createElement("li", "");
	const button = createElement("button", "") as HTMLButtonElement;
	button.type = "button";
	button.addEventListener("click", () => onChoose(agentId));
	row.dataset.agentId = agentId;
	row.style.setProperty("--role", roleColor(role));
	button.append(
		createElement("span", "swatch"),
		createElement("span", "name", readText(agentId, 128)),
		createElement("span", "role", readText(role, 64)),
		createElement("span", "doing"),
	);
	row.append(button);
	return row;
}
