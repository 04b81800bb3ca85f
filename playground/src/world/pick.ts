import { type Camera, Vector3 } from "three";
import type { Avatar } from "./avatar.ts";
import { FIGURE_HEIGHT } from "./figure.ts";
import { HIDDEN } from "./label-layout.ts";

/** Half of what a finger needs to meet. */
const REACH = 22;

/** Whom a press on the screen means: the one whose label or figure is there, the nearest of several. */
export function pick(
	avatars: ReadonlyMap<string, Seen>,
	x: number,
	y: number,
	camera: Camera,
	width: number,
	height: number,
): string | undefined {
	let found: string | undefined;
	let nearest = Number.POSITIVE_INFINITY;
	for (const [agentId, avatar] of avatars) {
		const depth = camera.position.distanceTo(avatar.top);
		if (depth >= nearest) continue;
		if (!isOnLabel(avatar, x, y) && !isOnFigure(avatar)) continue;
		[found, nearest] = [agentId, depth];
	}
	return found;

	function isOnFigure({ top }: Seen): boolean {
		const head = seen.copy(top).project(camera);
		if (Math.abs(head.z) > 1) return false;
		const [headX, headY] = [toX(head), toY(head)];
		const feet = seen
			.copy(top)
			.setY(top.y - FIGURE_HEIGHT)
			.project(camera);
		const [feetX, feetY] = [toX(feet), toY(feet)];
		const half = Math.max(REACH, Math.hypot(feetX - headX, feetY - headY) / 4);
		const middle = (headX + feetX) / 2;
		return Math.abs(x - middle) <= half && y >= headY - 8 && y <= feetY + 8;
	}

	function toX(point: Vector3) {
		return ((point.x + 1) / 2) * width;
	}

	function toY(point: Vector3) {
		return ((1 - point.y) / 2) * height;
	}
}

type Seen = Pick<Avatar, "label" | "top">;

const seen = new Vector3();

function isOnLabel({ label: { box } }: Seen, x: number, y: number): boolean {
	const size = box.form === HIDDEN ? undefined : box.forms[box.form];
	if (!size) return false;
	const [across, along] = [x - box.left, y - box.top];
	return (
		across >= 0 && along >= 0 && across <= size.width && along <= size.height
	);
}
