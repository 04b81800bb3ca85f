import { type Camera, Vector3 } from "three";
import { createTextLabel, type Labels, type TextLabel } from "./labels.ts";
import { sortNearlySorted } from "./nearly-sorted.ts";

/** A text above something that stands in the world. */
export interface Sign {
	readonly anchor: Vector3;
	text: string;
	/** Of the camera, in the last frame. */
	distance: number;
	label: TextLabel | undefined;
}

/** The signs of all things: the nearest are written, by labels that they pass on. */
export interface Signs {
	add(sign: Sign): () => void;
	/** To be called before the labels are placed. */
	update(camera: Camera): void;
}

/** A sign on which nothing is written. */
export function createSign(): Sign {
	return { anchor: new Vector3(), text: "", distance: 0, label: undefined };
}

/** Signs that are written at a time. */
const MAX_SIGNS = 48;
/** Metres from which a sign can be read. */
const READABLE = 34;

export function createSigns(labels: Labels, className: string): Signs {
	const all: Sign[] = [];
	const free: TextLabel[] = [];

	function write(sign: Sign) {
		const label = sign.label ?? free.pop() ?? createLabel();
		sign.label = label;
		label.anchor.copy(sign.anchor);
		label.write(sign.text);
	}

	function createLabel(): TextLabel {
		const label = createTextLabel(className, URGENCY);
		labels.add(label);
		return label;
	}

	function release(sign: Sign) {
		if (!sign.label) return;
		sign.label.anchor.setScalar(NOWHERE);
		free.push(sign.label);
		sign.label = undefined;
	}

	return {
		add(sign) {
			all.push(sign);
			return () => {
				release(sign);
				all.splice(all.indexOf(sign), 1);
			};
		},
		update(camera) {
			for (const sign of all)
				sign.distance =
					sign.text === ""
						? Number.POSITIVE_INFINITY
						: camera.position.distanceTo(sign.anchor);
			sortNearlySorted(all, isNearer);
			for (let i = 0; i < all.length; i++) {
				const sign = all[i] as Sign;
				if (i >= MAX_SIGNS || sign.distance > READABLE) release(sign);
			}
			for (let i = 0; i < Math.min(MAX_SIGNS, all.length); i++) {
				const sign = all[i] as Sign;
				if (sign.distance <= READABLE) write(sign);
			}
		},
	};
}

/** After all that is about agents. */
const URGENCY = -2;

/** What is at no place is not seen. */
const NOWHERE = Number.NaN;

function isNearer(a: Sign, b: Sign): boolean {
	return a.distance < b.distance;
}
