import { find } from "../elements.ts";

/** @param onSay Called with what the visitor wants to say; returns whether it was taken. */
export function createChatLine(onSay: (text: string) => boolean): void {
	const form = find<HTMLFormElement>(".chat");
	const input = find<HTMLInputElement>("input", form);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const text = input.value.trim();
		if (text !== "" && onSay(text)) input.value = "";
	});
}
