/**
 * Keeps what stands at the lower edge above the keyboard on the screen. Where browsers shrink the page
 * for it, as `interactive-widget=resizes-content` asks, there is nothing to do; that of an iPad covers
 * the page, and says so by the visual viewport alone.
 */
export function avoidKeyboard(): void {
	const { visualViewport: viewport } = window;
	if (!viewport) return;
	function follow() {
		if (!viewport) return;
		const { height, offsetTop, scale } = viewport;
		// A visitor who has zoomed in sees a part of the page, and has no keyboard for it.
		const covered = scale > 1.01 ? 0 : innerHeight - height - offsetTop;
		const { style } = document.documentElement;
		style.setProperty("--keyboard", `${Math.max(0, Math.round(covered))}px`);
	}
	viewport.addEventListener("resize", follow);
	viewport.addEventListener("scroll", follow);
}
