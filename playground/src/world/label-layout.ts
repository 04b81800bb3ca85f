/** Where labels stand, so that none covers another: one rule, and no more than numbers. */
import { GAP, isFar, POLITE, SPOTS, stand } from "./label-spots.ts";
import { createTaken, type Rect, type Size } from "./taken.ts";

export type { Rect, Size };

/** A label to be placed: what it is for, and where it came to stand. */
export interface LabelBox {
	/** What it is about, on the screen: it stands above that point. */
	x: number;
	y: number;
	/** How far away that is: nearer ones are placed first. */
	depth: number;
	/** How large a face is right below that point, which labels keep off where they can; 0 where there is none. */
	face: number;
	/** Before all that are less urgent, whatever the depth. */
	urgency: number;
	/** What it can be, the fullest first. One of no width is left out. */
	readonly forms: readonly Size[];
	/** Which form it has; {@link HIDDEN} where it has none. */
	form: number;
	/** How it stands to its point; among equals the first is best. */
	spot: number;
	left: number;
	top: number;
	/** Where it would stand in its smallest form, if it has several. */
	mark: number;
	/** Its number among what takes room. */
	slot: number;
}

export const HIDDEN = -1;

export interface LabelLayout {
	/**
	 * Places labels in their order.
	 *
	 * @param labels Sorted by {@link isBefore}.
	 * @param frame What they stay within.
	 * @param covered What they keep off, such as panels.
	 */
	arrange(
		labels: readonly LabelBox[],
		frame: Rect,
		covered: readonly Rect[],
	): void;
}

/** Whether a label has the first choice of two. */
export function isBefore(a: LabelBox, b: LabelBox): boolean {
	return a.urgency === b.urgency ? a.depth < b.depth : a.urgency > b.urgency;
}

/** A better place than the last one has to have so much more room, or labels would flicker between two. */
const STEADINESS = 5;

/** Frames from one try of a dot to be more to the next. */
const PATIENCE = 8;

/** How far out of the frame a point may be for its label to stay at the edge. */
const OUTSIDE = 24;

/**
 * First everyone who can be a dot is one, so that nobody's words leave another without a mark; then, in
 * order, each takes the fullest form for which there is room beside what is there by then.
 */
export function createLabelLayout(): LabelLayout {
	const taken = createTaken();
	const faces = createTaken();
	const spot = { left: 0, top: 0 };
	const square = { width: 0, height: 0 };
	let turn = 0;

	/** The first spot that is free, but for one nearly as good that covers no face. */
	function find(label: LabelBox, size: Size, frame: Rect, last: number) {
		let first = HIDDEN;
		for (let spot = 0; spot < SPOTS.length; spot++) {
			if (first !== HIDDEN && spot >= POLITE) break;
			if (isFar(spot, size)) continue;
			stand(label, size, spot, frame);
			const gap = GAP + (spot < last ? STEADINESS : 0);
			if (!taken.isFree(label.left, label.top, size, gap)) continue;
			if (faces.isFree(label.left, label.top, size, 0)) return spot;
			if (first === HIDDEN) first = spot;
		}
		if (first !== HIDDEN) stand(label, size, first, frame);
		return first;
	}

	function reserve(label: LabelBox, frame: Rect) {
		const last = label.forms.length - 1;
		const size = label.forms[last] as Size;
		label.mark = last === 0 ? HIDDEN : find(label, size, frame, label.mark);
		label.slot = taken.add();
		if (label.face > 0) takeFace(label);
		if (label.mark !== HIDDEN) taken.set(label.slot, label, size);
	}

	function takeFace({ x, y, face }: LabelBox) {
		spot.left = x - face / 2;
		spot.top = y;
		square.width = square.height = face;
		faces.set(faces.add(), spot, square);
	}

	// In a crowd most are dots, and each tries for more in one frame of a few; who has to say something, at once.
	function isPatient({ form, forms, urgency, slot }: LabelBox): boolean {
		return (
			form === forms.length - 1 && urgency <= 0 && (turn + slot) % PATIENCE > 0
		);
	}

	function place(label: LabelBox, frame: Rect) {
		const { form: lastForm, spot: lastSpot, mark } = label;
		const last = label.forms.length - 1;
		if (mark !== HIDDEN && isPatient(label)) {
			keepMark(label, frame);
			return;
		}
		taken.clear(label.slot);
		for (let form = 0; form <= last; form++) {
			const size = label.forms[form] as Size;
			if (size.width === 0 || (form === last && mark !== HIDDEN)) continue;
			// What is better than before has to have more room.
			const limit = form < lastForm ? SPOTS.length : lastSpot;
			const spot = find(label, size, frame, form > lastForm ? 0 : limit);
			if (spot === HIDDEN) continue;
			label.form = form;
			label.spot = spot;
			taken.set(label.slot, label, size);
			return;
		}
		if (mark === HIDDEN) label.form = HIDDEN;
		else keepMark(label, frame);
	}

	function keepMark(label: LabelBox, frame: Rect) {
		label.form = label.forms.length - 1;
		label.spot = label.mark;
		const size = label.forms[label.form] as Size;
		stand(label, size, label.spot, frame);
		taken.set(label.slot, label, size);
	}

	return {
		arrange(labels, frame, covered) {
			turn += 1;
			taken.reset(covered);
			faces.reset([]);
			for (const label of labels) {
				if (isNear(label, frame)) reserve(label, frame);
				else label.form = label.mark = label.slot = HIDDEN;
			}
			for (const label of labels)
				if (label.slot !== HIDDEN) place(label, frame);
		},
	};
}

function isNear({ x, y, depth }: LabelBox, frame: Rect): boolean {
	return (
		depth > 0 &&
		x > frame.left - OUTSIDE &&
		x < frame.right + OUTSIDE &&
		y > frame.top - OUTSIDE &&
		y < frame.bottom + OUTSIDE
	);
}
