import type { AgentBehavior } from "vite-plugin-matrix-gateway/messages";
import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { homeOf } from "./home.ts";
import { createMotion, headingTo, type Motion, moveTo } from "./motion.ts";
import { EMOTIONS, type Emotion, STATES, type StateName } from "./palette.ts";
import {
	type Message,
	readAgentId,
	readNumber,
	readPosition,
	readText,
	readWord,
} from "./values.ts";

export type BehaviorName = AgentBehavior["behavior"];

const BEHAVIORS: readonly BehaviorName[] = [
	"idle",
	"wander",
	"ponder",
	"inspect",
	"converse",
	"place",
	"return_home",
];

const GESTURES = ["nod", "wave", "hop", "shake"] as const;
export type Gesture = (typeof GESTURES)[number];

export interface Speech {
	readonly text: string;
	readonly emotion: Emotion;
	readonly gesture: Gesture | undefined;
	readonly since: number;
	readonly until: number;
}

/** An agent as the world shows it. Times are milliseconds of the world's clock. */
export interface Agent {
	readonly agentId: string;
	/** Another one where it has registered anew. */
	role: string;
	readonly motion: Motion;
	/** Whether its place is known: from its move, or because the page saw it join. */
	isPlaced: boolean;
	state: StateName;
	task: string;
	/** 0 to 1. */
	glow: number;
	behavior: BehaviorName;
	behaviorUntil: number;
	speech: Speech | undefined;
}

/** Agents past this many are on the roster, and nothing more is known of them. */
export const MAX_AGENTS = 1_000;
/** Of those that are known, so many are drawn: the first of the roster. */
export const MAX_AGENTS_SHOWN = 128;

const TEXT_LIMIT = 280;
const TASK_LIMIT = 60;

/** The agents that stand in the world: those of the roster, and no others. */
export interface Agents {
	readonly all: ReadonlyMap<string, Agent>;
	setRoster(roster: readonly AgentInfo[]): void;
	/** Applies a message about an agent; returns whether it is one. */
	apply(message: Message, now: number): boolean;
	/** Ends speech and behaviours whose time is over. */
	expire(now: number): void;
	/** Resets the agents' states; they walk home from where they are. */
	restart(): void;
}

export function createAgents(): Agents {
	const all = new Map<string, Agent>();
	return {
		all,
		setRoster: (roster) => reconcile(all, roster.slice(0, MAX_AGENTS)),
		apply(message, now) {
			const change = CHANGES.get(message.type);
			const agent = all.get(readAgentId(message) ?? "");
			if (change && agent) change(agent, message, now);
			return change !== undefined;
		},
		expire(now) {
			for (const agent of all.values()) expireAgent(agent, now);
		},
		restart() {
			for (const agent of all.values()) restartAgent(agent);
		},
	};
}

type Change = (agent: Agent, message: Message, now: number) => void;

const CHANGES: ReadonlyMap<unknown, Change> = new Map<unknown, Change>([
	["agent_joined", place],
	["agent_state", changeState],
	["agent_move", changeTarget],
	["agent_behavior", changeBehavior],
	["bark", speak],
	["chat_message", speak],
	["agent_message", speak],
]);

function reconcile(all: Map<string, Agent>, roster: readonly AgentInfo[]) {
	const roles = new Map(roster.map(({ agentId, role }) => [agentId, role]));
	const before = new Map(all);
	all.clear();
	// In the roster's order: which of them are drawn is the same on a page that comes late.
	for (const [agentId, role] of roles) {
		const agent = before.get(agentId) ?? createAgent(agentId, role);
		agent.role = role;
		all.set(agentId, agent);
	}
}

/** The state of an agent that has not sent one. */
const UNSAID = { state: "idle", task: "", glow: STATES.idle.glow } as const;

function createAgent(agentId: string, role: string): Agent {
	const home = homeOf(agentId);
	return {
		agentId,
		role,
		motion: createMotion(home, headingTo(home, { x: 0, y: 0, z: 0 })),
		isPlaced: false,
		...UNSAID,
		behavior: "idle",
		behaviorUntil: 0,
		speech: undefined,
	};
}

function restartAgent(agent: Agent) {
	Object.assign(agent, UNSAID);
	moveTo(agent.motion, homeOf(agent.agentId), undefined, undefined);
}

function place(agent: Agent) {
	agent.isPlaced = true;
}

// What a message leaves out is reset: a late page gets the last one only, and must show the same.
function changeState(agent: Agent, message: Message) {
	const { state, current_task, glow_intensity } = message;
	const names = Object.keys(STATES) as StateName[];
	agent.state = readWord(state, names) ?? UNSAID.state;
	agent.task = readText(current_task, TASK_LIMIT) ?? "";
	agent.glow = readNumber(glow_intensity, 0, 1) ?? STATES[agent.state].glow;
}

function changeTarget(agent: Agent, message: Message) {
	const { position, facing, speed } = message;
	const target = readPosition(position) ?? agent.motion.target;
	const heading = readNumber(facing, -100, 100);
	// An agent that was there before the page does not walk from a place where it never stood.
	const pace = agent.isPlaced ? readNumber(speed, 0, 20) : 0;
	moveTo(agent.motion, target, pace, heading);
	place(agent);
}

function changeBehavior(agent: Agent, message: Message, now: number) {
	const { behavior, duration } = message;
	agent.behavior = readWord(behavior, BEHAVIORS) ?? agent.behavior;
	agent.behaviorUntil = now + (readNumber(duration, 0, 600) ?? 8) * 1000;
	if (agent.behavior === "return_home")
		moveTo(agent.motion, homeOf(agent.agentId), undefined, undefined);
}

function speak(agent: Agent, message: Message, now: number) {
	const { text, emotion, animation } = message;
	const words = readText(text, TEXT_LIMIT);
	if (words === undefined) return;
	agent.speech = {
		text: words,
		emotion: readWord(emotion, Object.keys(EMOTIONS) as Emotion[]) ?? "calm",
		gesture: readWord(animation, GESTURES),
		since: now,
		until: now + readingTime(words),
	};
}

// People read about 17 characters a second; a short word still needs to be noticed.
function readingTime(text: string): number {
	return Math.min(12_000, 3_000 + text.length * 55);
}

function expireAgent(agent: Agent, now: number) {
	if (agent.behaviorUntil <= now) agent.behavior = "idle";
	if (agent.speech && agent.speech.until <= now) agent.speech = undefined;
}
