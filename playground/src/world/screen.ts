import type { Camera, Vector3 } from "three";

/**
 * Turns a point of the world into one of the screen, in pixels from its top left. Its `z` is from -1
 * to 1 where the camera sees as far, and neither before nor behind.
 *
 * @returns the point itself.
 */
export function toScreen(
	point: Vector3,
	camera: Camera,
	width: number,
	height: number,
): Vector3 {
	point.project(camera);
	point.x = ((point.x + 1) / 2) * width;
	point.y = ((1 - point.y) / 2) * height;
	return point;
}
