import { type Camera, type Object3D, Vector3 } from "three";
import { arrange, type Box, type Offset } from "./spacing.ts";

/** What someone says, floating above them. */
export interface Bubble {
	/** What it floats above. */
	readonly anchor: Object3D;
	/** Its size in pixels and how far above the anchor it begins; nothing while it is not shown. */
	measure(): { width: number; height: number; above: number } | undefined;
	place(offset: Offset): void;
}

/** All bubbles on the screen. */
export interface Bubbles {
	/** Returns what takes it out again. */
	add(bubble: Bubble): () => void;
	/** Makes room, those in front first. */
	update(camera: Camera, width: number, height: number): void;
}

export function createBubbles(): Bubbles {
	const bubbles = new Set<Bubble>();
	return {
		add(bubble) {
			bubbles.add(bubble);
			return () => bubbles.delete(bubble);
		},
		update(camera, width, height) {
			const seen = [...bubbles]
				.flatMap((bubble) => look(bubble, camera, width, height) ?? [])
				.sort((a, b) => a.depth - b.depth);
			const boxes = seen.map(({ box }) => box);
			const offsets = arrange(boxes, width);
			for (const [index, { bubble }] of seen.entries())
				bubble.place(offsets[index] ?? { shift: 0, lift: 0 });
		},
	};
}

function look(
	bubble: Bubble,
	camera: Camera,
	width: number,
	height: number,
): { bubble: Bubble; box: Box; depth: number } | undefined {
	const size = bubble.measure();
	if (!size) return undefined;
	const point = bubble.anchor.getWorldPosition(new Vector3()).project(camera);
	const bottom = ((1 - point.y) / 2) * height - size.above;
	const box = { ...size, x: ((point.x + 1) / 2) * width, bottom };
	return { bubble, box, depth: point.z };
}
