import { Vector3 } from "three";
import type { Agent } from "../model/agents.ts";
import { createAgentLabelView } from "./agent-label-view.ts";
import { createBox, type Label } from "./labels.ts";

/** What floats over an agent: its name, its task, and what it says. Where there is little room a name, or a dot. */
export interface AgentLabel extends Label {
	/** @param isFollowed Whether it has the first choice of a place. */
	update(agent: Agent, seconds: number, isFollowed: boolean): void;
}

/** Metres. */
const FACE = 0.85;

/** Seconds that a bubble takes to fade; it keeps its place until then. */
const FADE_TIME = 0.3;

export function createAgentLabel(agentId: string): AgentLabel {
	const view = createAgentLabelView(agentId);
	const box = createBox(view.sizes);
	let fading = 0;
	const label: AgentLabel = {
		element: view.root,
		anchor: new Vector3(),
		box,
		face: FACE,
		isStale: true,
		update(agent, seconds, isFollowed) {
			const wasSpoken = fading > 0;
			const left = agent.speech ? FADE_TIME : fading - seconds;
			fading = Math.max(0, left);
			const isSpoken = fading > 0;
			if (view.write(agent) || isSpoken !== wasSpoken) label.isStale = true;
			box.urgency = (isFollowed ? 2 : 0) + (isSpoken ? 1 : 0);
		},
		unfold: view.unfold,
		measure: () => view.measure(fading > 0),
		place: () => view.place(box),
	};
	return label;
}
