import { CSS2DObject } from "three/examples/jsm/renderers/CSS2DRenderer.js";
import { createElement, setText } from "../elements.ts";
import type { Agent } from "../model/agents.ts";
import { EMOTIONS, STATES } from "../model/palette.ts";
import { readText } from "../model/values.ts";
import type { Bubble } from "./bubbles.ts";

/** What floats over an agent: its name, its task, and what it says. */
export interface AgentLabel {
	readonly object: CSS2DObject;
	readonly bubble: Bubble;
	update(agent: Agent): void;
}

/** Builds the label. Every text in it is set as text: what agents send is never read as HTML. */
export function createAgentLabel(agentId: string, color: string): AgentLabel {
	const bubble = createElement("div", "bubble");
	const words = createElement("p", "words");
	const task = createElement("span", "task");
	const plate = createElement("div", "plate");
	const root = createElement("div", "agent-label");
	root.dataset.agentId = agentId;
	root.style.setProperty("--role", color);
	plate.append(createElement("span", "name", readText(agentId, 128)), task);
	bubble.append(words);
	root.append(bubble, plate);
	const object = new CSS2DObject(root);
	object.center.set(0.5, 1);
	return {
		object,
		bubble: createBubble(object, bubble, root),
		update(agent) {
			setText(task, agent.task);
			plate.style.setProperty("--state", STATES[agent.state].color);
			showSpeech(bubble, words, agent);
		},
	};
}

/** A small sign with a text on it. */
export function createSign(text: string, className: string): CSS2DObject {
	const sign = new CSS2DObject(createElement("div", className, text));
	sign.center.set(0.5, 1);
	return sign;
}

function createBubble(
	anchor: CSS2DObject,
	bubble: HTMLElement,
	root: HTMLElement,
): Bubble {
	// Reading a size makes the browser lay the page out, so it is done once a text.
	let measured = "";
	let size: ReturnType<Bubble["measure"]>;
	return {
		anchor,
		measure() {
			if (!bubble.classList.contains("shown")) return undefined;
			const text = root.textContent;
			if (text !== measured || !size?.width) size = sizeOf(bubble, root);
			measured = text;
			return size;
		},
		place({ shift, lift }) {
			bubble.style.setProperty("--shift", `${Math.round(shift)}px`);
			bubble.style.setProperty("--lift", `${Math.round(-lift)}px`);
		},
	};
}

function sizeOf(bubble: HTMLElement, root: HTMLElement) {
	const { offsetWidth: width, offsetHeight: height } = bubble;
	return { width, height, above: root.offsetHeight - height };
}

function showSpeech(
	bubble: HTMLElement,
	words: HTMLElement,
	{ speech }: Agent,
) {
	bubble.classList.toggle("shown", speech !== undefined);
	// A bubble that fades keeps its words until it is gone.
	if (!speech) return;
	bubble.style.setProperty("--emotion", EMOTIONS[speech.emotion]);
	setText(words, speech.text);
}
