import { createElement } from "../elements.ts";
import type { CameraMode } from "./camera.ts";
import type { Rect } from "./label-layout.ts";

/** Leads back to everyone, once a visitor has taken the camera or goes with an agent. */
export function createEveryoneButton(
	container: HTMLElement,
	onPress: () => void,
) {
	const button = createElement("button", "everyone floating", "Show everyone");
	button.setAttribute("type", "button");
	button.addEventListener("click", onPress);
	button.hidden = true;
	container.append(button);
	let last: Rect | undefined;
	return {
		/** @returns Whether what is covered has changed. */
		update(mode: CameraMode, free: Rect): boolean {
			const isHidden = mode === "everyone";
			if (isHidden === button.hidden && free === last) return false;
			last = free;
			button.hidden = isHidden;
			button.style.left = `${(free.left + free.right) / 2}px`;
			button.style.top = `${free.bottom}px`;
			return true;
		},
	};
}
