/** How much came from a connection in the last 5 to 10 s, at the cost of one addition for each message. */

/** What came from a connection lately. */
export interface RecentBytes {
	/** The number of the window in which something came last. */
	recentWindow: number;
	recentBytes: number;
	/** In the window before. */
	earlierBytes: number;
}

/** So many bytes have come. */
export function noteBytes(of: RecentBytes, bytes: number, now: number): void {
	const window = windowAt(now);
	if (window !== of.recentWindow) {
		of.earlierBytes = window === of.recentWindow + 1 ? of.recentBytes : 0;
		of.recentBytes = 0;
		of.recentWindow = window;
	}
	of.recentBytes += bytes;
}

/** What came in this window and the one before. */
export function recentBytesOf(of: RecentBytes, now: number): number {
	const windowsAgo = windowAt(now) - of.recentWindow;
	if (windowsAgo === 0) return of.recentBytes + of.earlierBytes;
	return windowsAgo === 1 ? of.recentBytes : 0;
}

/** Milliseconds; lately is this one and the one before. */
const WINDOW = 5_000;

function windowAt(now: number): number {
	return Math.floor(now / WINDOW);
}
