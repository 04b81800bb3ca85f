import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { createElement, find, setText } from "../elements.ts";
import { type Activity, lastNumber } from "../model/activity.ts";
import type { Agent } from "../model/agents.ts";
import { roleColor, STATES } from "../model/palette.ts";
import { readText } from "../model/values.ts";
import type { World } from "../model/world.ts";
import { timeOfDay } from "./time.ts";

/** What is known of the agent that the visitor follows. */
export interface AgentCard {
	readonly hasFocus: boolean;
	follow(agentId: string | null): void;
	update(world: World): void;
	focus(): void;
}

/** What it said last, as many times. */
const MAX_SAYINGS = 3;

/** @param onClose Called when the visitor has seen enough. */
export function createAgentCard(onClose: () => void): AgentCard {
	const card = find(".card");
	const [name, role] = [find(".name", card), find(".role", card)];
	const [state, task] = [find(".state", card), find(".task", card)];
	const sayings = find("ol", card);
	const close = find(".close", card);
	close.addEventListener("click", onClose);
	let followed: string | null = null;
	let info: AgentInfo | undefined;
	// What is on the card, so that nothing is written again in each frame.
	let known: readonly AgentInfo[] | undefined;
	let heard: number | undefined;
	let color = "";

	function showRole(roster: readonly AgentInfo[]) {
		if (roster === known) return;
		known = roster;
		info = roster.find(({ agentId }) => agentId === followed);
		card.style.setProperty("--role", roleColor(info?.role ?? ""));
		setText(role, readText(info?.role, 64) ?? "");
	}

	function showDoing(agent: Agent | undefined) {
		const next = STATES[agent?.state ?? "idle"].color;
		if (next !== color) card.style.setProperty("--state", next);
		color = next;
		const there = agent?.state ?? "here, but there is no room to show it";
		setText(state, info ? there : "has left");
		setText(task, agent?.task ?? "");
	}

	function showSayings(activity: readonly Activity[]) {
		const last = lastNumber(activity);
		if (last === heard) return;
		heard = last;
		const named = readText(followed, 128) ?? "";
		const said = activity
			.filter(({ who, kind }) => who === named && SPOKEN.has(kind))
			.slice(-MAX_SAYINGS);
		sayings.replaceChildren(...said.map(toRow));
	}

	return {
		get hasFocus() {
			return card.contains(document.activeElement);
		},
		follow(agentId) {
			followed = agentId;
			known = heard = undefined;
			setText(name, readText(agentId, 128) ?? "");
			card.hidden = agentId === null;
		},
		update({ roster, agents, activity }) {
			if (followed === null) return;
			showRole(roster);
			showDoing(agents.get(followed));
			showSayings(activity);
		},
		focus: () => close.focus({ preventScroll: true }),
	};
}

const SPOKEN: ReadonlySet<Activity["kind"]> = new Set(["speech", "message"]);

function toRow({ text, at }: Activity): HTMLElement {
	const row = createElement("li", "");
	row.append(
		createElement("span", "what", text),
		createElement("time", "when", timeOfDay(new Date(at))),
	);
	return row;
}
