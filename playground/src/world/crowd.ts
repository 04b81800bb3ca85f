import { type Agent, MAX_AGENTS_SHOWN } from "../model/agents.ts";
import type { Position } from "../model/values.ts";
import type { World } from "../model/world.ts";
import type { Crowd } from "./camera.ts";
import { FIGURE_HEIGHT } from "./figure.ts";
import type { Framer } from "./framing.ts";

/** Everyone who stands in a world, where they are and where they are going. */
export function createCrowd({ agents }: World): Crowd {
	let room = 0;
	let framer: Framer | undefined;

	function include(agent: Agent) {
		if (!framer || room-- <= 0) return;
		framer.include(agent.motion.position, FIGURE_HEIGHT);
		framer.include(agent.motion.target, FIGURE_HEIGHT);
	}

	return {
		get size() {
			return Math.min(agents.size, MAX_AGENTS_SHOWN);
		},
		include(next) {
			framer = next;
			room = MAX_AGENTS_SHOWN;
			agents.forEach(include);
		},
	};
}

/** Where everyone stands who is drawn. */
export function placesIn({ agents }: World): Position[] {
	return [...agents.values()]
		.slice(0, MAX_AGENTS_SHOWN)
		.map(({ motion }) => motion.position);
}
