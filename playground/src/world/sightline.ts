import { MathUtils, type PerspectiveCamera } from "three";
import type { Sight } from "./framing.ts";
import type { Rect } from "./label-layout.ts";

/** Where on the screen the camera's middle is: in the middle of what no panel covers. */
export interface Sightline {
	/** What is seen around it, with room for labels. */
	readonly sight: Sight;
	/** Of what is seen, its width for a height of one. */
	readonly aspect: number;
	resize(width: number, height: number): void;
	/**
	 * @param seconds In which it glides there.
	 * @param below Pixels that are taken at the lower edge.
	 */
	update(free: Rect, seconds: number, below: number): void;
}

/** Pixels around those who are to be seen: above for what they say, aside for a name. */
const ROOM = { above: 112, beside: 64, below: 22 };

/** The part of the width that must be seen, at the middle, in metres. */
const WIDTH_IN_SIGHT = 11;
const DISTANCE = 13;

export function createSightline(camera: PerspectiveCamera): Sightline {
	const sight = { across: 1, along: 1 };
	let [width, height] = [1, 1];
	let [x, y] = [0, 0];
	let aspect = 1;

	function look(left: number, top: number, right: number, bottom: number) {
		const slope = Math.tan(MathUtils.degToRad(camera.fov) / 2);
		sight.along = (slope * (bottom - top)) / height;
		sight.across = (slope * (right - left)) / height;
		aspect = (right - left) / (bottom - top);
	}

	function shift(toX: number, toY: number, seconds: number) {
		const part = 1 - Math.exp(-3 * seconds);
		const nextX = x + (toX - x) * part;
		const nextY = y + (toY - y) * part;
		// The last steps of a glide would go on for ever, and cost a new matrix each.
		if (Math.abs(nextX - x) + Math.abs(nextY - y) < 0.05) return;
		x = nextX;
		y = nextY;
		camera.setViewOffset(width, height, -x, -y, width, height);
	}

	return {
		sight,
		get aspect() {
			return aspect;
		},
		resize(nextWidth, nextHeight) {
			[width, height] = [nextWidth, Math.max(1, nextHeight)];
			camera.aspect = width / height;
			camera.fov = fieldOfView(camera.aspect);
			camera.setViewOffset(width, height, -x, -y, width, height);
		},
		update(free, seconds, below) {
			const across = free.right - free.left;
			const along = free.bottom - free.top;
			const left = free.left + Math.min(ROOM.beside, across * 0.14);
			const right = free.right - Math.min(ROOM.beside, across * 0.14);
			const top = free.top + Math.min(ROOM.above, along * 0.26);
			const bottom = free.bottom - below - Math.min(ROOM.below, along * 0.08);
			look(left, top, right, bottom);
			shift((left + right - width) / 2, (top + bottom - height) / 2, seconds);
		},
	};
}

// A tall, narrow screen must see the clearing too: there the lens gets wider.
function fieldOfView(aspect: number): number {
	const angle = 2 * Math.atan(WIDTH_IN_SIGHT / 2 / aspect / DISTANCE);
	return MathUtils.clamp(MathUtils.radToDeg(angle), 36, 60);
}
