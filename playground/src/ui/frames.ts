/**
 * Calls `draw` once a frame while the page is visible. A hidden page draws nothing, which saves a
 * tablet's battery.
 *
 * @param draw Given the seconds since the last frame.
 */
export function startFrames(draw: (seconds: number) => void): void {
	let last = performance.now();
	let request = 0;

	function frame(time: number) {
		request = requestAnimationFrame(frame);
		const seconds = Math.max(0, time - last) / 1000;
		last = time;
		draw(seconds);
	}

	function followVisibility() {
		cancelAnimationFrame(request);
		if (document.visibilityState === "visible")
			request = requestAnimationFrame(frame);
	}

	document.addEventListener("visibilitychange", followVisibility);
	followVisibility();
}
