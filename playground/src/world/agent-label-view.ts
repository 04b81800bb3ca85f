import { createElement } from "../elements.ts";
import type { Agent } from "../model/agents.ts";
import { EMOTIONS, roleColor, STATES } from "../model/palette.ts";
import { readText } from "../model/values.ts";
import type { LabelBox, Size } from "./label-layout.ts";
import { createPlacer } from "./labels.ts";
import { createStem } from "./stem.ts";

/** What a label can be, the fullest first: what is said over a plate, the plate, the name alone, a dot. */
export const LABEL_SHAPES = ["bubble", "plate", "name", "dot"] as const;
const [BUBBLE, PLATE, NAME, DOT] = [0, 1, 2, 3];

/** Pixels between a bubble and the plate under it, where its tail is. */
const TAIL = 9;
/** Pixels beside a name on its plate. */
const NAME_PADDING = 24;
const DOT_SIZE = 12;

/** The elements of an agent's label. */
export interface AgentLabelView {
	readonly root: HTMLElement;
	/** The sizes of {@link LABEL_SHAPES}. */
	readonly sizes: readonly Size[];
	/** Writes what it says; returns whether sizes may have changed. */
	write(agent: Agent): boolean;
	/** Takes on its full form, so that its sizes can be read. */
	unfold(): void;
	/** @param isSpoken Whether its words are seen, also while they fade. */
	measure(isSpoken: boolean): void;
	place(box: LabelBox): void;
}

/** Every text in it is set as text: what agents send is never read as HTML. */
export function createAgentLabelView(agentId: string): AgentLabelView {
	const bubble = createElement("div", "bubble hidden");
	const words = createElement("p", "words");
	const name = createElement("span", "name", readText(agentId, 128));
	const task = createElement("span", "task");
	const plate = createElement("div", "plate hidden");
	const dot = createElement("div", "dot hidden");
	const root = createElement("div", "agent-label");
	root.dataset.agentId = agentId;
	plate.append(name, task);
	bubble.append(words);
	const stem = createStem();
	root.append(stem.element, bubble, plate, dot);
	const sizes = LABEL_SHAPES.map(() => ({ width: 0, height: 0 }));
	const [stack, whole, brief, spot] = sizes as [Size, Size, Size, Size];
	resize(spot, DOT_SIZE, DOT_SIZE);
	const said = { width: 0, height: 0 };
	const placeBubble = createPlacer(bubble);
	const placePlate = createPlacer(plate);
	const placeDot = createPlacer(dot);
	const write = createWriter({ root, words, plate, task });
	let isBrief = false;
	let tail = Number.NaN;

	function setBrief(next: boolean) {
		if (next !== isBrief) plate.classList.toggle("brief", next);
		isBrief = next;
	}

	function pointTail(next: number) {
		if (next !== tail) bubble.style.setProperty("--tail", `${next}px`);
		tail = next;
	}

	return {
		root,
		sizes,
		write,
		unfold: () => setBrief(false),
		measure(isSpoken) {
			resize(whole, plate.offsetWidth, plate.offsetHeight);
			const width = Math.min(whole.width, name.offsetWidth + NAME_PADDING);
			resize(brief, width, whole.height - task.offsetHeight);
			resize(said, bubble.offsetWidth, bubble.offsetHeight);
			const both = Math.max(said.width, whole.width);
			resize(stack, isSpoken ? both : 0, said.height + TAIL + whole.height);
		},
		place(box) {
			const { form, left, top, x, y } = box;
			placeDot(left, top, form === DOT);
			setBrief(form === NAME);
			const size = form === NAME ? brief : whole;
			const room = form === BUBBLE ? stack : size;
			const isPlate = form === BUBBLE || form === PLATE || form === NAME;
			// Each stands as near to its agent as the place of both allows.
			const plateLeft = nearest(x, size.width, left, room.width);
			const below = form === BUBBLE ? said.height + TAIL : 0;
			placePlate(plateLeft, top + below, isPlate);
			const foot = nearest(x, 0, plateLeft + 12, size.width - 24);
			if (isPlate) stem.reach(x, y, foot, top + below + size.height);
			else stem.hide();
			const bubbleLeft = nearest(x, said.width, left, room.width);
			placeBubble(bubbleLeft, top, form === BUBBLE);
			if (form === BUBBLE)
				pointTail(Math.round(plateLeft + size.width / 2 - bubbleLeft));
		},
	};
}

type Parts = Record<"root" | "words" | "plate" | "task", HTMLElement>;

// Only what has changed, or the page would be laid out in each frame.
function createWriter({ root, words, plate, task }: Parts) {
	let [lastTask, lastWords, lastState, lastEmotion] = ["", "", "", ""];
	let lastRole = "";
	let wasSpeaking = false;
	return (agent: Agent): boolean => {
		const { task: doing, speech, state, role } = agent;
		const isSpeaking = speech !== undefined;
		if (state !== lastState)
			plate.style.setProperty("--state", STATES[state].color);
		if (isSpeaking !== wasSpeaking)
			root.classList.toggle("speaking", isSpeaking);
		if (speech && speech.emotion !== lastEmotion)
			root.style.setProperty("--emotion", EMOTIONS[speech.emotion]);
		if (role !== lastRole) root.style.setProperty("--role", roleColor(role));
		lastRole = role;
		lastState = state;
		wasSpeaking = isSpeaking;
		if (speech) lastEmotion = speech.emotion;
		// A bubble that fades keeps its words until it is gone.
		const said = speech?.text ?? lastWords;
		if (doing === lastTask && said === lastWords) return false;
		if (doing !== lastTask) task.textContent = doing;
		if (said !== lastWords) words.textContent = said;
		lastTask = doing;
		lastWords = said;
		return true;
	};
}

function resize(size: Size, width: number, height: number) {
	size.width = width;
	size.height = height;
}

/** Where something of a width begins, to have its middle as near to `x` as a room of `left` and `room` allows. */
function nearest(x: number, width: number, left: number, room: number): number {
	return Math.max(left, Math.min(left + room - width, x - width / 2));
}
