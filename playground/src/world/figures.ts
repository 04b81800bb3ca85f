import type { Scene } from "three";
import { type Agent, MAX_AGENTS_SHOWN } from "../model/agents.ts";
import { type AddLabel, type Avatar, createAvatar } from "./avatar.ts";
import { createFigurePools } from "./figure-pools.ts";
import { createReconciler } from "./reconcile.ts";
import { createHalos } from "./shine.ts";

/** The agents of the world. */
export interface Figures {
	/** Those who are there, without those who are leaving. */
	readonly avatars: ReadonlyMap<string, Avatar>;
	update(
		agents: ReadonlyMap<string, Agent>,
		seconds: number,
		followed: string | undefined,
	): void;
}

/** @param now The world's clock in milliseconds. */
export function createFigures(
	scene: Scene,
	addLabel: AddLabel,
	now: () => number,
	calm: boolean,
): Figures {
	const pools = createFigurePools(scene);
	const halos = createHalos(scene, MAX_AGENTS_SHOWN + 32);
	let chosen: string | undefined;
	const context = {
		pools,
		halos,
		now,
		calm,
		addLabel,
		isFollowed: (agentId: string) => agentId === chosen,
	};
	const reconciler = createReconciler<Agent, Avatar>((agent) =>
		createAvatar(agent, context),
	);
	return {
		avatars: reconciler.shown,
		update(agents, seconds, followed) {
			chosen = followed;
			pools.begin();
			halos.begin();
			reconciler.update(agents, seconds, MAX_AGENTS_SHOWN);
			pools.end();
			halos.end();
		},
	};
}
