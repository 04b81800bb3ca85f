import { Vector3 } from "three";
import type { Agent } from "../model/agents.ts";
import type { SceneObject } from "../model/objects.ts";
import type { World } from "../model/world.ts";
import type { Zone } from "../model/zones.ts";
import { createAvatar } from "./avatar.ts";
import { createCoins } from "./coins.ts";
import { createReconciler } from "./reconcile.ts";
import { createStage } from "./stage.ts";
import { createThing } from "./thing.ts";
import { createZoneView } from "./zone.ts";

/** Draws a world. */
export interface WorldView {
	/** Keeps the camera on an agent, wherever it goes; null lets go of it. */
	follow(agentId: string | null): void;
	/** Called whenever another agent is followed, or none. Returns what ends that. */
	onFollow(listener: (agentId: string | null) => void): () => void;
	/**
	 * Draws a frame.
	 *
	 * @param seconds Since the last one.
	 */
	render(seconds: number): void;
}

/** After a pause a figure must not catch up on all the breaths it has missed. */
const LONGEST_FRAME = 0.1;

/** @throws Where the browser has no WebGL. */
export function createWorldView(
	world: World,
	container: HTMLElement,
	now: () => number,
): WorldView {
	const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
	const stage = createStage(container, calm);
	const { scene } = stage;
	const agents = createReconciler<Agent>((agent) =>
		createAvatar(agent, scene, stage.bubbles, calm),
	);
	const objects = createReconciler<SceneObject>((object) =>
		createThing(object, scene),
	);
	const zones = createReconciler<Zone>(() => createZoneView(scene));
	const coins = createCoins(scene);
	const listeners = new Set<(agentId: string | null) => void>();
	let followed: string | null = null;
	return {
		follow(agentId) {
			if (agentId === followed) return;
			followed = agentId;
			for (const listener of listeners) listener(agentId);
		},
		onFollow(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		render(seconds) {
			const agent = world.agents.get(followed ?? "");
			if (agent)
				stage.lookAt(new Vector3().copy(agent.motion.position as Vector3));
			const frame = Math.min(seconds, LONGEST_FRAME);
			agents.update(world.agents, frame);
			objects.update(world.objects, frame);
			zones.update(world.zones, frame);
			coins.update(world.payments, world.agents, now());
			stage.render(seconds);
		},
	};
}
