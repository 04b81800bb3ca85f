import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { type Activity, createActivityLog } from "./activity.ts";
import { type Agent, createAgents } from "./agents.ts";
import { step } from "./motion.ts";
import { createObjects, type SceneObject } from "./objects.ts";
import { createPayments, type Payment } from "./payments.ts";
import { createTitle } from "./title.ts";
import type { Message } from "./values.ts";
import { createZones, type Zone } from "./zones.ts";

/** What is known of the world. It draws nothing: the views read it once a frame. */
export interface World {
	readonly agents: ReadonlyMap<string, Agent>;
	readonly objects: ReadonlyMap<string, SceneObject>;
	readonly zones: ReadonlyMap<string, Zone>;
	readonly activity: readonly Activity[];
	readonly payments: readonly Payment[];
	readonly title: string;
	/** Everyone who is registered, also beyond those who have room to stand. */
	readonly roster: readonly AgentInfo[];
	setRoster(roster: readonly AgentInfo[]): void;
	/** Takes any message; unknown types and broken values change nothing. */
	apply(message: Message): void;
	/** Lets time pass up to now. */
	step(): void;
}

/** @param now The world's clock in milliseconds. */
export function createWorld(now: () => number): World {
	const [agents, objects, zones] = [
		createAgents(),
		createObjects(),
		createZones(),
	];
	const [activity, payments, title] = [
		createActivityLog(),
		createPayments(),
		createTitle(),
	];
	let roster: readonly AgentInfo[] = [];
	let last = now();

	return {
		agents: agents.all,
		objects: objects.all,
		zones: zones.all,
		activity: activity.all,
		get payments() {
			return payments.inFlight;
		},
		get title() {
			return title.text;
		},
		get roster() {
			return roster;
		},
		setRoster(next) {
			roster = [...next];
			agents.setRoster(roster);
		},
		apply(message) {
			activity.apply(message);
			for (const part of [agents, objects, zones, payments, title])
				if (part.apply(message, now())) return;
		},
		step() {
			const seconds = Math.max(0, now() - last) / 1000;
			last = now();
			for (const { motion } of agents.all.values()) step(motion, seconds);
			agents.expire(last);
			payments.expire(last);
		},
	};
}
