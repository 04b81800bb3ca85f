import type { ClientState } from "vite-plugin-matrix-gateway/client";
import { find } from "../elements.ts";

/** The line in which the visitor writes. */
export interface ChatLine {
	/** Says in the empty line where it would go. */
	show({ status }: Pick<ClientState, "status">): void;
}

/**
 * @param onSay Called with what the visitor wants to say; returns whether it was taken. What was not
 *   stays in the line.
 */
export function createChatLine(onSay: (text: string) => boolean): ChatLine {
	const form = find<HTMLFormElement>(".chat");
	const input = find<HTMLInputElement>("input", form);
	const { placeholder } = input;
	const hints: Record<ClientState["status"], string> = {
		connecting: placeholder,
		resuming: placeholder,
		online: placeholder,
		offline: "Write now, it is sent later",
		refused: "Not connected",
	};
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const text = input.value.trim();
		if (text === "") return;
		if (onSay(text)) input.value = "";
		else complain("Not sent: there is no connection.");
	});
	input.addEventListener("input", () => input.setCustomValidity(""));

	// The browser shows it at the line, and reads it out.
	function complain(text: string) {
		input.setCustomValidity(text);
		input.reportValidity();
	}

	return {
		show({ status }) {
			input.setCustomValidity("");
			input.placeholder = hints[status];
		},
	};
}
