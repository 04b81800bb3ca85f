import { type Agent, MAX_AGENTS_SHOWN } from "../model/agents.ts";
import { MAX_OBJECTS_SHOWN } from "../model/objects.ts";
import type { World } from "../model/world.ts";
import type { Crowd } from "./camera.ts";
import type { Obstacle } from "./company.ts";
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

/** What stands between a camera and somebody: everybody else, and what is not low. */
export function obstaclesTo(agentId: string, world: World): Obstacle[] {
	const others = [...world.agents.values()]
		.slice(0, MAX_AGENTS_SHOWN)
		.filter((agent) => agent.agentId !== agentId)
		.map(({ motion: { position } }) => ({ ...position, half: 0.4 }));
	const things = [...world.objects.values()]
		.slice(0, MAX_OBJECTS_SHOWN)
		.filter(({ position, scale }) => position.y + scale.y > LOW)
		.map(({ position, scale }) => ({
			...position,
			half: Math.max(scale.x, scale.z) / 2,
		}));
	return [...others, ...things];
}

/** Metres: what is no higher hides nobody. */
const LOW = 0.8;
