import { createElement } from "../elements.ts";

/** A line from a plate down to whom it is about, where it stands too far off to be understood without. */
export interface Stem {
	readonly element: HTMLElement;
	/** From a point up to the lower edge of a plate, in pixels. */
	reach(x: number, y: number, plateX: number, plateBottom: number): void;
	hide(): void;
}

/** Pixels that are understood without a line. */
const NEAR = 16;

export function createStem(): Stem {
	const element = createElement("div", "stem hidden");
	let isHidden = true;
	let last = "";

	function setHidden(next: boolean) {
		if (next !== isHidden) element.classList.toggle("hidden", next);
		isHidden = next;
	}

	return {
		element,
		hide: () => setHidden(true),
		reach(x, y, plateX, plateBottom) {
			const across = plateX - x;
			const length = Math.round(Math.hypot(across, y - plateBottom));
			// What stands below its point stands on its agent.
			const isNear = length < NEAR || plateBottom > y;
			setHidden(isNear);
			if (isNear) return;
			const turn = Math.atan2(across, y - plateBottom).toFixed(2);
			const transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) rotate(${turn}rad) scaleY(${-length})`;
			if (transform !== last) element.style.transform = transform;
			last = transform;
		},
	};
}
