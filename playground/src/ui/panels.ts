import { find } from "../elements.ts";

/** The panels that fold: beside the world on a large screen, one at a time over it on a small one. */
export interface Panels {
	open(name: PanelName): void;
	/** On a small screen, gives the world its room back. Returns whether one was open. */
	closeSheet(): boolean;
}

export type PanelName = "roster" | "activity";

const NAMES: readonly PanelName[] = ["roster", "activity"];

/** As in panels.css. */
const SMALL = "(max-width: 720px), (max-height: 560px)";

export function createPanels(): Panels {
	const small = matchMedia(SMALL);
	const open = new Map<PanelName, boolean>();

	function set(name: PanelName, isOpen: boolean) {
		open.set(name, isOpen);
		const panel = find(`.panel.${name}`);
		panel.classList.toggle("folded", !isOpen);
		for (const button of buttonsOf(name)) button.ariaExpanded = `${isOpen}`;
		// What is folded is not in the way of the Tab key, but the log goes on being read out.
		const log = panel.querySelector<HTMLElement>(".log");
		if (log) log.tabIndex = isOpen ? 0 : -1;
		document.body.classList.toggle("sheet", small.matches && isAnyOpen());
	}

	function isAnyOpen(): boolean {
		return NAMES.some((name) => open.get(name));
	}

	function toggle(name: PanelName) {
		const isOpen = !open.get(name);
		if (isOpen && small.matches) for (const other of NAMES) set(other, false);
		set(name, isOpen);
		// The heading of a folded sheet is gone, and the focus must be somewhere.
		if (!isOpen && small.matches) find(`.tabs [data-panel="${name}"]`).focus();
	}

	function reset() {
		for (const name of NAMES) set(name, !small.matches);
	}

	for (const name of NAMES)
		for (const button of buttonsOf(name))
			button.addEventListener("click", () => toggle(name));
	small.addEventListener("change", reset);
	reset();

	return {
		open(name) {
			if (!open.get(name)) toggle(name);
		},
		closeSheet() {
			if (!small.matches) return false;
			const [name] = NAMES.filter((each) => open.get(each));
			if (name === undefined) return false;
			const isFocused = find(`.panel.${name}`).contains(document.activeElement);
			set(name, false);
			if (isFocused) find(`.tabs [data-panel="${name}"]`).focus();
			return true;
		},
	};
}

function buttonsOf(name: PanelName): NodeListOf<HTMLElement> {
	return document.querySelectorAll(`[data-panel="${name}"]`);
}
