import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import type { Agent } from "./agents.ts";
import type { SceneObject } from "./objects.ts";
import type { Position } from "./values.ts";
import type { World } from "./world.ts";
import type { Zone } from "./zones.ts";

/** The world as plain JSON, each list in the order of its ids: two pages that show the same compare equal. */
export interface Snapshot {
	readonly title: string;
	readonly roster: readonly AgentInfo[];
	readonly agents: readonly AgentSnapshot[];
	readonly objects: readonly SceneObject[];
	readonly zones: readonly Zone[];
	readonly activity: readonly ActivitySnapshot[];
	/** The texts of the chat messages that came to this page. */
	readonly received: readonly string[];
	/** Coins on their way, who speaks to whom, and what is seen for a moment. */
	readonly payments: readonly { from: string; to: string; amount: number }[];
	readonly conversations: readonly { from: string; to: string }[];
	readonly notices: readonly { kind: string; agentId: string; text: string }[];
}

export interface AgentSnapshot {
	readonly agentId: string;
	readonly role: string;
	/** Where it is just now; differs between pages while it walks. */
	readonly position: Position;
	/** Where it is going. */
	readonly target: Position;
	readonly facing: number | null;
	readonly state: string;
	readonly task: string;
	readonly glow: number;
	readonly behavior: string;
	readonly bubble: { readonly text: string; readonly emotion: string } | null;
}

export interface ActivitySnapshot {
	readonly kind: string;
	readonly who: string;
	readonly text: string;
}

export function takeSnapshot(world: World): Snapshot {
	return {
		title: world.title,
		roster: inOrder(world.roster, ({ agentId }) => agentId).map(
			({ agentId, role }) => ({ agentId, role }),
		),
		agents: inOrder([...world.agents.values()], (a) => a.agentId).map(ofAgent),
		objects: inOrder([...world.objects.values()], ({ id }) => id),
		zones: inOrder([...world.zones.values()], ({ id }) => id),
		activity: world.activity.map(({ kind, who, text }) => ({
			kind,
			who,
			text,
		})),
		received: [...world.received],
		payments: world.payments.map(({ from, to, amount }) => ({
			from,
			to,
			amount,
		})),
		conversations: world.conversations.map(({ from, to }) => ({ from, to })),
		notices: world.notices.map(({ kind, agentId, text }) => ({
			kind,
			agentId,
			text,
		})),
	};
}

function ofAgent(agent: Agent): AgentSnapshot {
	const { agentId, role, motion, state, task, glow, behavior, speech } = agent;
	const { position, target, facing } = motion;
	return {
		agentId,
		role,
		position: { ...position },
		target,
		facing: facing ?? null,
		state,
		task,
		glow,
		behavior,
		bubble: speech ? { text: speech.text, emotion: speech.emotion } : null,
	};
}

function inOrder<T>(all: readonly T[], idOf: (item: T) => string): T[] {
	return all.toSorted((a, b) =>
		idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : 0,
	);
}
