import { environment, type PageEvent } from "./environment.ts";

/**
 * Calls `wake` when the network is back and when the page is looked at again or comes
 * back from the browser's cache: all are better moments to try than the end of a timer
 * that the browser may have slowed down. Where there is no page it does nothing.
 * Returns its stop.
 */
export function onWake(wake: () => void): () => void {
	const { document } = environment;
	const seen = () => document?.visibilityState === "visible" && wake();

	// The first `pageshow` of a page is that of its load.
	const back = ({ persisted }: PageEvent) => persisted && wake();

	environment.addEventListener?.("online", wake);
	environment.addEventListener?.("pageshow", back);
	document?.addEventListener("visibilitychange", seen);
	return () => {
		environment.removeEventListener?.("online", wake);
		environment.removeEventListener?.("pageshow", back);
		document?.removeEventListener("visibilitychange", seen);
	};
}
