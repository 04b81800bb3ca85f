import type { ClientState } from "vite-plugin-matrix-gateway/client";
import { find, setText } from "../elements.ts";

/** Says whether the page is connected, and why not. */
export interface ConnectionPill {
	show(state: ClientState): void;
}

/** @param onRetry Called when the visitor wants to try again. */
export function createConnectionPill(onRetry: () => void): ConnectionPill {
	const pill = find(".pill");
	const [text, button] = [find(".text", pill), find("button", pill)];
	button.addEventListener("click", onRetry);
	return {
		show(state) {
			pill.dataset.status = state.status;
			pill.title = reasonOf(state);
			setText(text, describe(state));
			button.hidden = state.status !== "refused";
		},
	};
}

function describe(state: ClientState): string {
	if (state.status === "refused") return `refused: ${state.reason}`;
	if (state.status === "offline" && state.retryIn !== undefined)
		return "offline, reconnecting";
	return state.status;
}

function reasonOf(state: ClientState): string {
	return "reason" in state ? state.reason : "";
}
