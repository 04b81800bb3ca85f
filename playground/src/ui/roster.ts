import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { find, setText } from "../elements.ts";
import type { World } from "../model/world.ts";
import { createRosterRow, type RosterRow } from "./roster-row.ts";

/** Rows past this many are counted, not shown. */
const MAX_ROWS = 100;

/** The list of agents. */
export interface RosterPanel {
	update(world: World): void;
	/** Shows which one is followed. */
	choose(agentId: string | null): void;
	/** Hands the focus to an agent's row, or to what opens the list. */
	focus(agentId: string): void;
}

/**
 * @param self Who the page is, where it is an agent.
 * @param onChoose Called with the agent whose row was pressed.
 */
export function createRosterPanel(
	self: string | undefined,
	onChoose: (agentId: string) => void,
): RosterPanel {
	const panel = find(".roster");
	const [list, rest] = [find("ul", panel), find(".rest", panel)];
	const counts = document.querySelectorAll(".count");
	const rows = new Map<string, RosterRow>();
	let shown: readonly AgentInfo[] | undefined;
	let chosen: string | null = null;

	function rebuild(roster: readonly AgentInfo[]) {
		shown = roster;
		const wanted = roster.slice(0, MAX_ROWS);
		const focused = list.contains(document.activeElement)
			? list.querySelector("li:focus-within")
			: null;
		const index = [...list.children].indexOf(focused as Element);
		dropMissing(wanted);
		wanted.forEach(putRow);
		if (focused) restoreFocus(focused, index);
		for (const count of counts) setText(count, `${roster.length || ""}`);
		const more = roster.length - wanted.length;
		setText(rest, more > 0 ? `and ${more} more` : "");
		panel.classList.toggle("empty", roster.length === 0);
	}

	function dropMissing(wanted: readonly AgentInfo[]) {
		const names = new Set(wanted.map(({ agentId }) => agentId));
		for (const [agentId, { element }] of rows)
			if (!names.has(agentId)) {
				element.remove();
				rows.delete(agentId);
			}
	}

	// A row that is in its place already is left alone: one that is moved loses the focus.
	function putRow({ agentId, role }: AgentInfo, index: number) {
		const row = rows.get(agentId) ?? createRosterRow(agentId, onChoose);
		rows.set(agentId, row);
		row.setRole(role, agentId === self);
		row.setChosen(agentId === chosen);
		const there = list.children[index] ?? null;
		if (there !== row.element) list.insertBefore(row.element, there);
	}

	// Of a row that is gone its neighbour has it.
	function restoreFocus(focused: Element, index: number) {
		const row = list.contains(focused)
			? focused
			: (list.children[index] ?? list.lastElementChild ?? panel);
		const button = row.querySelector("button");
		if (button !== document.activeElement)
			button?.focus({ preventScroll: true });
	}

	return {
		update({ roster, agents }) {
			if (roster !== shown) rebuild(roster);
			for (const [agentId, row] of rows) row.show(agents.get(agentId));
		},
		choose(agentId) {
			chosen = agentId;
			for (const [id, row] of rows) row.setChosen(id === agentId);
		},
		focus(agentId) {
			const row = rows.get(agentId)?.element.querySelector("button");
			const opener = '[data-panel="roster"]';
			const candidates = document.querySelectorAll<HTMLElement>(opener);
			const seen = [row, ...candidates].find((each) => each?.checkVisibility());
			seen?.focus({ preventScroll: true });
		},
	};
}
