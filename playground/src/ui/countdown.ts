import type { ClientState } from "vite-plugin-matrix-gateway/client";
import { setText } from "../elements.ts";

/** Counts down to the next try. */
export interface Countdown {
	show(state: ClientState): void;
}

/** In milliseconds; often enough that no second is left out. */
const STEP = 250;

export function createCountdown(place: HTMLElement): Countdown {
	let timer = 0;
	return {
		show(state) {
			clearInterval(timer);
			setText(place, "");
			if (state.status === "connecting" || state.status === "resuming")
				setText(place, "Trying now …");
			if (state.status !== "offline" || state.retryIn === undefined) return;
			const end = performance.now() + state.retryIn;
			const tick = () => setText(place, inWords(end - performance.now()));
			tick();
			timer = window.setInterval(tick, STEP);
		},
	};
}

function inWords(milliseconds: number): string {
	const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
	return `Trying again in ${seconds} s`;
}
