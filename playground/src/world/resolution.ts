/** A frame slower than this, in seconds, is a reason to draw fewer pixels. */
const SLOW_FRAME = 1 / 24;
/** Frames that are looked at before the resolution changes. */
const WINDOW = 20;
const LOWEST = 0.6;
const HIGHEST = 2;

/** Lowers the resolution on a machine that cannot draw it in time; a clear picture is worth less than a smooth one. */
export interface Resolution {
	readonly pixelRatio: number;
	/** Takes a frame's duration in seconds; whether the resolution changed. */
	measure(seconds: number): boolean;
}

/** @param devicePixelRatio The screen's; above 2 nobody sees the difference. */
export function createResolution(devicePixelRatio: number): Resolution {
	let pixelRatio = Math.min(HIGHEST, devicePixelRatio);
	let slow = 0;
	let frames = 0;
	return {
		get pixelRatio() {
			return pixelRatio;
		},
		measure(seconds) {
			frames += 1;
			if (seconds > SLOW_FRAME) slow += 1;
			if (frames < WINDOW) return false;
			const lower = slow > WINDOW / 2 && pixelRatio > LOWEST;
			[frames, slow] = [0, 0];
			if (lower) pixelRatio = Math.max(LOWEST, pixelRatio * 0.8);
			return lower;
		},
	};
}
