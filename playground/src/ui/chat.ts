import { find } from "./find.ts";

/** @param onSay Told what the visitor wants to say; whether it was taken. */
export function createChatLine(onSay: (text: string) => boolean): void {
	const form = find<HTMLFormElement>(".chat");
	const input = find<HTMLInputElement>("input", form);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const text = input.value.trim();
		if (text !== "" && onSay(text)) input.value = "";
	});
}
