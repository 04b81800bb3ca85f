import {
	AdditiveBlending,
	Color,
	Mesh,
	MeshBasicMaterial,
	PlaneGeometry,
} from "three";
import type { Agent } from "../model/agents.ts";
import { STATES } from "../model/palette.ts";
import { approach } from "./easing.ts";
import type { Figure } from "./figure.ts";
import { RENDER_ORDER } from "./render-order.ts";
import { glowTexture } from "./textures.ts";

const HALO = new PlaneGeometry(2.6, 2.6).rotateX(-Math.PI / 2);

/** How fast each state pulses, in radians a second. */
const PULSE = { idle: 1.2, waiting: 2, thinking: 3, working: 4, active: 6 };

export type Halo = Mesh<PlaneGeometry, MeshBasicMaterial>;

/** The light on the ground around a figure. */
export function createHalo(): Halo {
	const material = new MeshBasicMaterial({
		map: glowTexture(),
		blending: AdditiveBlending,
		transparent: true,
		depthWrite: false,
		fog: false,
	});
	const halo = new Mesh(HALO, material);
	halo.position.y = 0.03;
	halo.renderOrder = RENDER_ORDER.halo;
	return halo;
}

/** Lets a figure's lamp and halo shine as its state says. */
export function createShine({ lamp }: Figure, halo: Halo, calm: boolean) {
	const color = new Color(STATES.idle.color);
	let [glow, time] = [0, 0];
	return (agent: Agent, seconds: number, presence: number) => {
		time += calm ? 0 : seconds * PULSE[agent.state];
		color.lerp(
			new Color(STATES[agent.state].color),
			1 - Math.exp(-5 * seconds),
		);
		glow = approach(glow, agent.glow, seconds, 5);
		const pulse = 0.86 + 0.14 * Math.sin(time);
		lamp.emissive.copy(color);
		lamp.emissiveIntensity = (0.35 + 1.5 * glow) * pulse;
		halo.material.color.copy(color);
		halo.material.opacity = (0.1 + 0.55 * glow) * pulse * presence;
		halo.scale.setScalar(0.8 + 0.4 * glow * pulse);
	};
}
