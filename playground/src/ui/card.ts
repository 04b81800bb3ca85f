import { createElement, find, setText } from "../elements.ts";
import { type Activity, lastNumber } from "../model/activity.ts";
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
	let heard: number | undefined;

	function showSayings(agentId: string, activity: readonly Activity[]) {
		const last = lastNumber(activity);
		if (last === heard) return;
		heard = last;
		const said = activity
			.filter(({ who, kind }) => who === agentId && SPOKEN.has(kind))
			.slice(-MAX_SAYINGS);
		sayings.replaceChildren(...said.map(toRow));
	}

	return {
		get hasFocus() {
			return card.contains(document.activeElement);
		},
		follow(agentId) {
			followed = agentId;
			heard = undefined;
			setText(name, readText(agentId, 128) ?? "");
			card.hidden = agentId === null;
		},
		update({ roster, agents, activity }) {
			if (followed === null) return;
			const agentId = followed;
			const info = roster.find((each) => each.agentId === agentId);
			const agent = agents.get(agentId);
			card.style.setProperty("--role", roleColor(info?.role ?? ""));
			card.style.setProperty("--state", STATES[agent?.state ?? "idle"].color);
			setText(role, readText(info?.role, 64) ?? "");
			const there = agent?.state ?? "here, but there is no room to show it";
			setText(state, info ? there : "has left");
			setText(task, agent?.task ?? "");
			showSayings(readText(agentId, 128) ?? "", activity);
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
