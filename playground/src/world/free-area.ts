import { freeRectangle } from "./free-rectangle.ts";
import type { Rect } from "./label-layout.ts";

/** What panels leave of the world, in pixels from its top left. */
export interface FreeArea {
	/** What is covered. */
	readonly covered: readonly Rect[];
	/** The largest part that is not. */
	readonly free: Rect;
	/** Looks again where something may have changed; to be called in each frame, before anything is written to the page. */
	update(): void;
	/** Something has come or gone that covers it. */
	spoil(): void;
}

/** What lies over the world and takes room from it: every element of this kind, also one that comes later. */
const PANELS = ".panel, [data-covers-world]";
/** What lies over the world where there happens to be room. */
const FLOATING = ".floating";

/** Pixels of what is worth going out of its way; what is only read out has one. */
const LEAST = 4;
/** Pixels between a panel and what is not under it. */
const GAP = 6;

export function createFreeArea(container: HTMLElement): FreeArea {
	let covered: Rect[] = [];
	let free: Rect = { left: 0, top: 0, right: 0, bottom: 0 };
	let isStale = true;
	const sizes = new ResizeObserver(spoil);
	sizes.observe(container);
	watchPanels();
	// Those that appear, fold or move, whatever the way in which they do it.
	new MutationObserver(() => watchPanels()).observe(document.body, {
		childList: true,
	});
	for (const type of ["transitionend", "animationend", "toggle"])
		document.addEventListener(type, spoilByPanel, true);
	window.addEventListener("resize", spoil);
	// Panels keep above the keyboard of an iPad, which says by these alone where it is.
	for (const type of ["resize", "scroll"])
		window.visualViewport?.addEventListener(type, spoil);

	function spoil() {
		isStale = true;
	}

	function spoilByPanel({ target }: Event) {
		if (target instanceof Element && target.closest(PANELS)) spoil();
	}

	function watchPanels() {
		spoil();
		for (const panel of document.querySelectorAll(PANELS)) sizes.observe(panel);
	}

	return {
		get covered() {
			return covered;
		},
		get free() {
			return free;
		},
		spoil,
		update() {
			if (!isStale) return;
			isStale = false;
			const { width, height } = container.getBoundingClientRect();
			const panels = rectsOf(PANELS, container);
			const next = freeRectangle(width, height, panels);
			// The same as long as it is: who compares it need not compare its edges.
			if (JSON.stringify(next) !== JSON.stringify(free)) free = next;
			covered = [...panels, ...rectsOf(FLOATING, container)];
		},
	};
}

function rectsOf(selector: string, container: HTMLElement): Rect[] {
	const { left, top } = container.getBoundingClientRect();
	return [...document.querySelectorAll(selector)]
		.map((element) => element.getBoundingClientRect())
		.filter((rect) => rect.width > LEAST && rect.height > LEAST)
		.map((rect) => ({
			left: rect.left - left - GAP,
			top: rect.top - top - GAP,
			right: rect.right - left + GAP,
			bottom: rect.bottom - top + GAP,
		}));
}
