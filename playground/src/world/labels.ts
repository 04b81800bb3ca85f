import { type Camera, Vector3 } from "three";
import { createElement } from "../elements.ts";
import {
	createLabelLayout,
	HIDDEN,
	isBefore,
	type LabelBox,
	type Rect,
} from "./label-layout.ts";
import { sortNearlySorted } from "./nearly-sorted.ts";
import { toScreen } from "./screen.ts";

/** Something written that floats over the world. */
export interface Label {
	readonly element: HTMLElement;
	/** What it floats above, in the world. */
	readonly anchor: Vector3;
	readonly box: LabelBox;
	/** How large the face right below it is, in metres; without it there is none. */
	readonly face?: number;
	/** Whether its sizes have to be read anew. */
	isStale: boolean;
	/** Takes on its full form, so that its sizes can be read. */
	unfold?(): void;
	/** Reads its sizes: all labels do so at once, since the browser lays the page out for it. */
	measure(): void;
	/** Stands where its box says. */
	place(): void;
}

/** All labels on the screen. */
export interface Labels {
	/** Returns what takes it out again. */
	add(label: Label): () => void;
	/**
	 * Places all of them.
	 *
	 * @param covered What is over the world, such as panels, in pixels.
	 */
	update(
		camera: Camera,
		width: number,
		height: number,
		covered: readonly Rect[],
	): void;
}

/** Pixels to the edges of the screen. */
const EDGE = 5;

export function createLabels(container: HTMLElement): Labels {
	const layer = createElement("div", "labels");
	// The roster and the activity say the same, in order.
	layer.ariaHidden = "true";
	container.append(layer);
	const all: Label[] = [];
	// Sorted as the labels are, and kept: from one frame to the next there is little to sort.
	const boxes: LabelBox[] = [];
	const layout = createLabelLayout();
	const frame = { left: EDGE, top: EDGE, right: 0, bottom: 0 };
	const seen = new Vector3();

	function look({ anchor, box, face = 0 }: Label, camera: Camera) {
		const width = frame.right + EDGE;
		const height = frame.bottom + EDGE;
		const point = toScreen(seen.copy(anchor), camera, width, height);
		box.x = point.x;
		box.y = point.y;
		// Behind the camera, or beyond what it sees, nothing is written.
		box.depth = Math.abs(point.z) < 1 ? camera.position.distanceTo(anchor) : 0;
		// A length across the picture, at that distance.
		const scale =
			((camera.projectionMatrix.elements[5] ?? 1) * frame.bottom) / 2;
		box.face = box.depth > 0 ? (face * scale) / box.depth : 0;
	}

	function remove(label: Label) {
		all.splice(all.indexOf(label), 1);
		boxes.splice(boxes.indexOf(label.box), 1);
		label.element.remove();
	}

	return {
		add(label) {
			all.push(label);
			boxes.push(label.box);
			layer.append(label.element);
			return () => remove(label);
		},
		update(camera, width, height, covered) {
			const resized =
				frame.right !== width - EDGE || frame.bottom !== height - EDGE;
			frame.right = width - EDGE;
			frame.bottom = height - EDGE;
			for (const label of all) {
				if (resized) label.isStale = true;
				if (label.isStale) label.unfold?.();
			}
			for (const label of all) {
				if (label.isStale) label.measure();
				label.isStale = false;
				look(label, camera);
			}
			sortNearlySorted(boxes, isBefore);
			layout.arrange(boxes, frame, covered);
			for (const label of all) label.place();
		},
	};
}

/** A box of these forms, which is nowhere yet. */
export function createBox(forms: LabelBox["forms"], urgency = 0): LabelBox {
	const place = { x: 0, y: 0, depth: 0, face: 0, left: 0, top: 0 };
	const unplaced = { form: HIDDEN, spot: 0, mark: HIDDEN, slot: HIDDEN };
	return { ...place, ...unplaced, urgency, forms };
}

/** A label that is one text. */
export interface TextLabel extends Label {
	write(text: string): void;
}

export function createTextLabel(className: string, urgency: number): TextLabel {
	const element = createElement("div", `${className} hidden`);
	const size = { width: 0, height: 0 };
	const box = createBox([size], urgency);
	const place = createPlacer(element);
	let written = "";
	const label: TextLabel = {
		element,
		anchor: new Vector3(),
		box,
		isStale: true,
		write(text) {
			if (text === written) return;
			element.textContent = written = text;
			label.isStale = true;
		},
		measure() {
			// Rounded up, or a text might not fit where it was said to.
			size.width = Math.ceil(element.getBoundingClientRect().width);
			size.height = element.offsetHeight;
		},
		place() {
			place(box.left, box.top, box.form !== HIDDEN);
		},
	};
	return label;
}

/** Moves and shows an element, and leaves it alone where nothing has changed. */
export function createPlacer(
	element: HTMLElement,
): (left: number, top: number, isShown: boolean) => void {
	let lastLeft = Number.NaN;
	let lastTop = Number.NaN;
	let wasShown = false;
	return (left, top, isShown) => {
		if (isShown !== wasShown) element.classList.toggle("hidden", !isShown);
		wasShown = isShown;
		const x = Math.round(left);
		const y = Math.round(top);
		if (!isShown || (x === lastLeft && y === lastTop)) return;
		lastLeft = x;
		lastTop = y;
		element.style.transform = `translate(${x}px, ${y}px)`;
	};
}
