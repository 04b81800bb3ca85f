import {
	Color,
	Matrix4,
	MeshBasicMaterial,
	type Scene,
	SphereGeometry,
} from "three";
import type { Agent } from "../model/agents.ts";
import {
	type Conversation,
	MAX_CONVERSATIONS,
} from "../model/conversations.ts";
import { roleColor } from "../model/palette.ts";
import { FIGURE_HEIGHT } from "./figure.ts";
import { createPool } from "./pool.ts";

/** Lines from the head of who speaks to the head of who is spoken to. */
export interface Ties {
	update(
		conversations: readonly Conversation[],
		agents: ReadonlyMap<string, Agent>,
		now: number,
	): void;
}

/** Beads on a line. */
const BEADS = 34;
/** Metres that a line rises in its middle, for each metre between the two. */
const RISE = 0.16;
/** How long a line takes to reach the other, and to fade, in milliseconds. */
const REACHING = 500;
const FADING = 900;

export function createTies(scene: Scene): Ties {
	const pool = createPool(scene, {
		geometry: new SphereGeometry(0.042, 8, 6),
		material: new MeshBasicMaterial({ fog: false }),
		capacity: MAX_CONVERSATIONS * BEADS,
	});
	const [place, color] = [new Matrix4(), new Color()];

	function draw(
		conversation: Conversation,
		from: Agent,
		to: Agent,
		now: number,
	) {
		const { since, until } = conversation;
		const a = from.motion.position;
		const b = to.motion.position;
		const way = Math.hypot(b.x - a.x, b.z - a.z);
		const reached = Math.min(1, (now - since) / REACHING);
		const fading = Math.min(1, Math.max(0, (until - now) / FADING));
		for (let bead = 1; bead < BEADS; bead++) {
			const part = bead / BEADS;
			if (part > reached) break;
			// Beads that swell run along it, so that one sees who speaks.
			const beat = Math.max(0, Math.sin(part * 16 - now * 0.006));
			const size = (0.75 + 1.1 * beat) * fading;
			place
				.makeScale(size, size, size)
				.setPosition(
					a.x + (b.x - a.x) * part,
					HEAD +
						a.y +
						(b.y - a.y) * part +
						Math.sin(part * Math.PI) * way * RISE,
					a.z + (b.z - a.z) * part,
				);
			pool.add(place, color);
		}
	}

	return {
		update(conversations, agents, now) {
			pool.begin();
			for (const conversation of conversations) {
				const from = agents.get(conversation.from);
				const to = agents.get(conversation.to);
				if (!from || !to) continue;
				color.set(roleColor(from.role)).lerp(WHITE, 0.35);
				draw(conversation, from, to, now);
			}
			pool.end();
		},
	};
}

const HEAD = FIGURE_HEIGHT - 0.3;
const WHITE = new Color("#ffffff");
