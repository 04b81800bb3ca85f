/** A press in one place, of a finger or a button: one that moves or lasts is a drag. */
export function onTap(
	element: HTMLElement,
	listener: (x: number, y: number) => void,
): void {
	let start: PointerEvent | undefined;
	element.addEventListener("pointerdown", (event) => {
		// A second finger makes it a pinch.
		start = event.isPrimary ? event : undefined;
	});
	element.addEventListener("pointerup", (event) => {
		if (!start || start.pointerId !== event.pointerId) return;
		const moved = Math.hypot(
			event.clientX - start.clientX,
			event.clientY - start.clientY,
		);
		const isTap = moved <= REACH && event.timeStamp - start.timeStamp <= TIME;
		start = undefined;
		if (!isTap) return;
		const { left, top } = element.getBoundingClientRect();
		listener(event.clientX - left, event.clientY - top);
	});
}

/** Pixels and milliseconds. */
const REACH = 8;
const TIME = 500;
