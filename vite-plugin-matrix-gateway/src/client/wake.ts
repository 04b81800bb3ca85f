import { environment, type PageEvent } from "./environment.ts";

/**
 * Calls `wake` when the network is back, and when the page becomes visible again or comes from the
 * back/forward cache: then a try is better made at once than at the end of a timer that the browser
 * may have slowed down. Where there is no page it does nothing. Returns what stops it.
 */
export function onWake(wake: () => void): () => void {
	const { document } = environment;
	const seen = () => document?.visibilityState === "visible" && wake();

	// The first `pageshow` of a page is that of its load, with `persisted` false.
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
