import { CSS2DObject } from "three/examples/jsm/renderers/CSS2DRenderer.js";
import type { Agent } from "../model/agents.ts";
import { EMOTIONS, STATES } from "../model/palette.ts";

/** What floats over an agent: its name, its task, and what it says. */
export interface AgentLabel {
	readonly object: CSS2DObject;
	update(agent: Agent): void;
}

/** Builds the label. Every text in it is set as text: what agents send is never read as HTML. */
export function createAgentLabel(agentId: string, color: string): AgentLabel {
	const bubble = element("p", "bubble");
	const name = element("span", "name", agentId);
	const task = element("span", "task");
	const plate = element("div", "plate");
	const root = element("div", "agent-label");
	root.dataset.agentId = agentId;
	root.style.setProperty("--role", color);
	plate.append(name, task);
	root.append(bubble, plate);
	const object = new CSS2DObject(root);
	object.center.set(0.5, 1);
	return {
		object,
		update(agent) {
			setText(task, agent.task);
			plate.style.setProperty("--state", STATES[agent.state].color);
			showSpeech(bubble, agent);
		},
	};
}

/** A small sign with a text on it. */
export function createSign(text: string, className: string): CSS2DObject {
	const sign = new CSS2DObject(element("div", className, text));
	sign.center.set(0.5, 1);
	return sign;
}

function showSpeech(bubble: HTMLElement, { speech }: Agent) {
	bubble.classList.toggle("shown", speech !== undefined);
	// A bubble that fades keeps its words until it is gone.
	if (!speech) return;
	bubble.style.setProperty("--emotion", EMOTIONS[speech.emotion]);
	setText(bubble, speech.text);
}

// Writing the same text again would cost a layout in each frame.
function setText(element: HTMLElement, text: string) {
	if (element.textContent !== text) element.textContent = text;
}

function element(tag: string, className: string, text = ""): HTMLElement {
	const element = document.createElement(tag);
	element.className = className;
	element.textContent = text;
	return element;
}
