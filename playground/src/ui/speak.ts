import { find, setText } from "../elements.ts";

/** Has a text read out, where somebody listens to the page. */
export function createSpeaker(): (text: string) => void {
	const place = find(".spoken");
	return (text) => setText(place, text);
}
