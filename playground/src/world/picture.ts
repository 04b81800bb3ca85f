import { Vector3 } from "three";
import { LABEL_SHAPES } from "./agent-label-view.ts";
import type { Avatar } from "./avatar.ts";
import type { CameraMode } from "./camera.ts";
import { FIGURE_HEIGHT } from "./figure.ts";
import type { Rect } from "./label-layout.ts";
import { toScreen } from "./screen.ts";
import type { Stage } from "./stage.ts";

/** What is on the screen, as plain JSON, in pixels from the top left of the world. */
export interface Picture {
	readonly camera: CameraMode;
	readonly drawCalls: number;
	/** The largest part that no panel covers. */
	readonly free: Rect;
	readonly agents: readonly AgentPicture[];
}

export interface AgentPicture {
	readonly agentId: string;
	readonly head: Spot;
	readonly feet: Spot;
	readonly label: (typeof LABEL_SHAPES)[number] | "none";
}

interface Spot {
	readonly x: number;
	readonly y: number;
}

export function takePicture(
	{ camera, view, area, drawCalls, picture }: Stage,
	avatars: ReadonlyMap<string, Avatar>,
): Picture {
	const { clientWidth, clientHeight } = picture;
	const spot = (x: number, y: number, z: number): Spot => {
		const point = new Vector3(x, y, z);
		const seen = toScreen(point, camera, clientWidth, clientHeight);
		return { x: seen.x, y: seen.y };
	};
	return {
		camera: view.mode,
		drawCalls,
		free: area.free,
		agents: [...avatars].map(([agentId, { top, label }]) => ({
			agentId,
			head: spot(top.x, top.y, top.z),
			feet: spot(top.x, top.y - FIGURE_HEIGHT, top.z),
			label: LABEL_SHAPES[label.box.form] ?? "none",
		})),
	};
}
