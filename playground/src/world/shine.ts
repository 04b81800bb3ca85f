import {
	AdditiveBlending,
	Color,
	Matrix4,
	MeshBasicMaterial,
	PlaneGeometry,
	type Scene,
} from "three";
import type { Agent } from "../model/agents.ts";
import { STATES, type StateName } from "../model/palette.ts";
import { createGlide } from "./easing.ts";
import type { Paint } from "./figure.ts";
import { createPool, type Pool } from "./pool.ts";
import { RENDER_ORDER } from "./render-order.ts";
import { glowTexture } from "./textures.ts";

/** How fast each state pulses, in radians a second. */
const PULSE = { idle: 1.2, waiting: 2, thinking: 3, working: 4, active: 6 };

const COLORS = Object.fromEntries(
	Object.entries(STATES).map(([name, { color }]) => [name, new Color(color)]),
) as Record<StateName, Color>;

/** The lights on the ground around figures. */
export function createHalos(scene: Scene, capacity: number): Pool {
	return createPool(scene, {
		geometry: new PlaneGeometry(2.6, 2.6).rotateX(-Math.PI / 2),
		material: new MeshBasicMaterial({
			map: glowTexture(),
			blending: AdditiveBlending,
			transparent: true,
			depthWrite: false,
			fog: false,
		}),
		capacity,
		renderOrder: RENDER_ORDER.halo,
	});
}

const glide = createGlide(5);

/** Lets a figure's lamp and the ground around it shine as its state says. */
export interface Shine {
	update(agent: Agent, seconds: number): void;
	/** @param presence 0 to 1. */
	draw(halos: Pool, agent: Agent, presence: number): void;
}

export function createShine(lamp: Paint, calm: boolean): Shine {
	const [halo, place] = [new Color(), new Matrix4()];
	// Fields, since each new number in a variable of a closure would be garbage.
	const now = { glow: 0, time: 0, pulse: 1 };
	lamp.color.copy(COLORS.idle);
	return {
		update(agent, seconds) {
			const part = glide(seconds);
			now.time += calm ? 0 : seconds * PULSE[agent.state];
			lamp.color.lerp(COLORS[agent.state], part);
			now.glow += (agent.glow - now.glow) * part;
			now.pulse = 0.86 + 0.14 * Math.sin(now.time);
			lamp.glow = (0.35 + 1.5 * now.glow) * now.pulse;
		},
		draw(halos, agent, presence) {
			const { x, y, z } = agent.motion.position;
			const { glow, pulse } = now;
			const size = 0.8 + 0.4 * glow * pulse;
			const strength = (0.1 + 0.55 * glow) * pulse * presence;
			place.makeScale(size, size, size).setPosition(x, y + 0.03, z);
			halos.add(place, halo.copy(lamp.color).multiplyScalar(strength));
		},
	};
}
