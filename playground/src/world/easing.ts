/**
 * How much of the way to a goal is done in a frame: the more the higher the rate, and the same at any
 * frame rate. It is asked for each part of each figure, and reckoned once a frame.
 */
export function createGlide(rate: number): (seconds: number) => number {
	const last = { seconds: 0, part: 0 };
	return (seconds) => {
		if (seconds !== last.seconds) {
			last.seconds = seconds;
			last.part = 1 - Math.exp(-rate * seconds);
		}
		return last.part;
	};
}

/** Past the goal and back: how things that come alive arrive. */
export function backOut(part: number): number {
	const rest = part - 1;
	return Math.max(0.001, 1 + 2.2 * rest ** 3 + 1.2 * rest ** 2);
}

/** From standing to standing. */
export function smooth(part: number): number {
	return part * part * (3 - 2 * part);
}
