import { find, setText } from "../elements.ts";

/** A word to the visitor that is gone again after a while. */
export interface Toast {
	/** @param onShow Where there is more to see: called when the visitor wants to. */
	show(text: string, onShow?: () => void): void;
}

/** In milliseconds: to read it, and to reach its button. What it says stands in the activity too. */
const SHORT = 6_000;
const LONG = 60_000;

/** @param speak Reads it out. */
export function createToast(speak: (text: string) => void): Toast {
	const panel = find(".toast");
	const [words, more] = [find("p", panel), find(".primary", panel)];
	let timer = 0;
	let onMore: (() => void) | undefined;

	function hide() {
		clearTimeout(timer);
		panel.hidden = true;
	}

	find(".close", panel).addEventListener("click", hide);
	more.addEventListener("click", () => {
		hide();
		onMore?.();
	});

	return {
		show(text, onShow) {
			onMore = onShow;
			more.hidden = onShow === undefined;
			setText(words, text);
			panel.hidden = false;
			clearTimeout(timer);
			timer = window.setTimeout(hide, onShow ? LONG : SHORT);
			speak(text);
		},
	};
}
