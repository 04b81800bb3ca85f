import { environment } from "./environment.ts";

/**
 * Calls `wake` when the network is back and when the page is looked at again: both
 * are better moments to try than the end of a timer that the browser may have slowed
 * down. Where there is no page it does nothing. Returns its stop.
 */
export function onWake(wake: () => void): () => void {
	const { document } = environment;
	const seen = () => document?.visibilityState === "visible" && wake();

	environment.addEventListener?.("online", wake);
	document?.addEventListener("visibilitychange", seen);
	return () => {
		environment.removeEventListener?.("online", wake);
		document?.removeEventListener("visibilitychange", seen);
	};
}
