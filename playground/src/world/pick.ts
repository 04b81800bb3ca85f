import { type Camera, Vector3 } from "three";
import type { Avatar } from "./avatar.ts";
import { FIGURE_HEIGHT } from "./figure.ts";
import { HIDDEN } from "./label-layout.ts";
import { toScreen } from "./screen.ts";

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
		toScreen(head.copy(top), camera, width, height);
		if (Math.abs(head.z) > 1) return false;
		feet.copy(top).setY(top.y - FIGURE_HEIGHT);
		toScreen(feet, camera, width, height);
		const half = Math.max(
			REACH,
			Math.hypot(feet.x - head.x, feet.y - head.y) / 4,
		);
		const middle = (head.x + feet.x) / 2;
		return Math.abs(x - middle) <= half && y >= head.y - 8 && y <= feet.y + 8;
	}
}

type Seen = Pick<Avatar, "label" | "top">;

const [head, feet] = [new Vector3(), new Vector3()];

function isOnLabel({ label: { box } }: Seen, x: number, y: number): boolean {
	const size = box.form === HIDDEN ? undefined : box.forms[box.form];
	if (!size) return false;
	const [across, along] = [x - box.left, y - box.top];
	return (
		across >= 0 && along >= 0 && across <= size.width && along <= size.height
	);
}
