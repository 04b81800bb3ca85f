import { Vector3 } from "three";
import type { Position } from "../model/values.ts";

/** From where the camera looks, and where it has to stand to see all of some points. */
export interface Framing {
	/** Where it stands. */
	readonly eye: Vector3;
	/** What it looks at. */
	readonly target: Vector3;
}

/** What is seen: slopes, from the middle of the picture to its edges. */
export interface Sight {
	/** Sideways: half the width at a distance of one. */
	readonly across: number;
	/** Upwards: half the height at a distance of one. */
	readonly along: number;
}

/** Finds the place for a camera that looks in one direction. */
export interface Framer {
	/** Begins anew with a direction. @param azimuth About the vertical; 0 stands in front, on +z. @param elevation Above the ground, in radians. */
	begin(azimuth: number, elevation: number, sight: Sight): void;
	/** A point that is to be seen, and one so many metres above it. */
	include(place: Position, height: number): void;
	/** Whether an eye that looks in this direction sees all of them. */
	sees(eye: Vector3): boolean;
	/**
	 * As near as it can be and still see all of them.
	 *
	 * @param nearest Metres from the middle of the points, at least.
	 * @param slack Metres farther back than needed, so that a step does not move the camera.
	 */
	solve(framing: Framing, nearest: number, slack: number): void;
}

/** Metres in front of the foremost point, at least: nobody is looked at from within. */
const CLEAR = 2;

/**
 * Each edge of the picture bounds the eye by a plane through the outermost point on that side. Along the
 * line of sight both planes of a pair meet in one place: the eye stands there, or farther back where the
 * other pair asks for it.
 */
export function createFramer(): Framer {
	const [right, up, ahead] = [new Vector3(), new Vector3(), new Vector3()];
	const [point, low, high] = [new Vector3(), new Vector3(), new Vector3()];
	const slope = { across: 1, along: 1 };
	// How far the points reach out to each edge, as seen from a depth of zero, and how near the foremost is.
	// Fields, since each new number in a variable of a closure would be garbage.
	const reach = { east: 0, west: 0, north: 0, south: 0, front: 0 };

	function reachOut(place: Vector3) {
		low.min(place);
		high.max(place);
		const depth = place.dot(ahead);
		const aside = place.dot(right);
		const above = place.dot(up);
		const half = slope.across * depth;
		const height = slope.along * depth;
		reach.front = Math.min(reach.front, depth);
		reach.east = Math.max(reach.east, aside - half);
		reach.west = Math.max(reach.west, -aside - half);
		reach.north = Math.max(reach.north, above - height);
		reach.south = Math.max(reach.south, -above - height);
	}

	return {
		begin(azimuth, elevation, sight) {
			slope.across = sight.across;
			slope.along = sight.along;
			reach.east = reach.west = Number.NEGATIVE_INFINITY;
			reach.north = reach.south = Number.NEGATIVE_INFINITY;
			reach.front = Number.POSITIVE_INFINITY;
			low.setScalar(Number.POSITIVE_INFINITY);
			high.setScalar(Number.NEGATIVE_INFINITY);
			ahead
				.setFromSphericalCoords(1, Math.PI / 2 - elevation, azimuth)
				.negate();
			right.set(0, 1, 0).cross(ahead).negate().normalize();
			up.copy(right).cross(ahead);
		},
		include({ x, y, z }, height) {
			reachOut(point.set(x, y, z));
			point.y += height;
			reachOut(point);
		},
		sees(eye) {
			const depth = eye.dot(ahead);
			const x = eye.dot(right);
			const y = eye.dot(up);
			return (
				depth <= reach.front - CLEAR &&
				reach.east <= x - slope.across * depth &&
				reach.west <= -x - slope.across * depth &&
				reach.north <= y - slope.along * depth &&
				reach.south <= -y - slope.along * depth
			);
		},
		solve({ eye, target }, nearest, slack) {
			const { east, west, north, south, front } = reach;
			const middle = target.copy(low).add(high).multiplyScalar(0.5).dot(ahead);
			const depth = Math.min(
				-(east + west) / (2 * slope.across) - slack,
				-(north + south) / (2 * slope.along) - slack,
				middle - nearest,
				front - CLEAR - slack,
			);
			const [x, y] = [(east - west) / 2, (north - south) / 2];
			eye.copy(right).multiplyScalar(x).addScaledVector(up, y);
			target.copy(eye).addScaledVector(ahead, middle);
			eye.addScaledVector(ahead, depth);
		},
	};
}
