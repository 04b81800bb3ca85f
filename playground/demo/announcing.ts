import type { MatrixClient } from "vite-plugin-matrix-gateway/client";

/**
 * Announces on each connection and then every so often: the gateway keeps nothing, so
 * a page that comes late sees only what is said again. Returns its stop.
 */
export function keepAnnouncing(
	client: MatrixClient,
	seconds: number,
	announce: () => void,
): () => void {
	const timer = setInterval(announce, seconds * 1000);
	const stopWatching = client.onState(({ status }) => {
		if (status === "online") announce();
	});
	return () => {
		clearInterval(timer);
		stopWatching();
	};
}
