import { find, setText } from "../elements.ts";

/** The title plate. */
export function createTitlePlate(): { update(title: string): void } {
	const plate = find("header h1");
	return {
		update(title) {
			setText(plate, title);
			if (document.title !== title) document.title = title;
		},
	};
}
