import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { type Activity, createActivityLog } from "./activity.ts";
import { type Agent, createAgents } from "./agents.ts";
import { type Conversation, createConversations } from "./conversations.ts";
import { step } from "./motion.ts";
import { createNotices, type Notice } from "./notices.ts";
import { createObjects, type SceneObject } from "./objects.ts";
import { createPayments, type Payment } from "./payments.ts";
import { createReceived } from "./received.ts";
import { createTitle } from "./title.ts";
import type { Message } from "./values.ts";
import { createZones, type Zone } from "./zones.ts";

/** The state of the world. It draws nothing: the views read it once a frame. */
export interface World {
	readonly agents: ReadonlyMap<string, Agent>;
	readonly objects: ReadonlyMap<string, SceneObject>;
	readonly zones: ReadonlyMap<string, Zone>;
	readonly activity: readonly Activity[];
	/** The texts of the chat messages that came to this page. */
	readonly received: readonly string[];
	readonly payments: readonly Payment[];
	/** Who speaks to whom, as far as this page hears it. */
	readonly conversations: readonly Conversation[];
	/** What is seen for a moment where it happened. */
	readonly notices: readonly Notice[];
	readonly title: string;
	/** Everyone who is registered, also beyond those who have room to stand. */
	readonly roster: readonly AgentInfo[];
	/**
	 * Whether a new connection has just begun, and the retained messages may still be on their way.
	 * Until they are here the last picture stays.
	 */
	readonly isFilling: boolean;
	setRoster(roster: readonly AgentInfo[]): void;
	/**
	 * Applies any message; invalid values change nothing, and of an unknown type its name is seen. The
	 * greeting of a new connection empties the world, since the retained messages follow it.
	 */
	apply(message: Message): void;
	/** Lets time pass up to now. */
	step(): void;
	/** What a gateway does not retain, for the page that comes after this one. */
	save(): Memory;
	restore(memory: Memory): void;
}

/** What a page keeps across a reload. */
export type Memory = Pick<World, "activity">;

/** How long the retained messages may take to come, in milliseconds. */
const FILLING_TIME = 300;

/** @param now The world's clock in milliseconds. */
export function createWorld(now: () => number): World {
	const [agents, objects, zones] = [
		createAgents(),
		createObjects(),
		createZones(),
	];
	const [activity, payments, title, received] = [
		createActivityLog(),
		createPayments(),
		createTitle(),
		createReceived(),
	];
	const [conversations, notices] = [createConversations(), createNotices()];
	let roster: readonly AgentInfo[] = [];
	let last = now();
	let filledAt = last;
	let connectionId: unknown;

	// The retained messages follow a connection's first greeting. A slow page gets two greetings: it
	// becomes a viewer before it has registered as an agent.
	function begin(greeting: Message) {
		if (greeting.connectionId === connectionId) return;
		connectionId = greeting.connectionId;
		for (const part of [agents, objects, zones, title]) part.restart();
		filledAt = now() + FILLING_TIME;
	}

	return {
		agents: agents.all,
		objects: objects.all,
		zones: zones.all,
		activity: activity.all,
		received: received.all,
		get isFilling() {
			return now() < filledAt;
		},
		get payments() {
			return payments.inFlight;
		},
		conversations: conversations.all,
		notices: notices.all,
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
			if (isGreeting(message)) begin(message);
			activity.apply(message);
			received.apply(message);
			conversations.apply(message, now());
			for (const part of [agents, objects, zones, payments, title, notices])
				if (part.apply(message, now())) return;
			notices.applyUnknown(message, now());
		},
		step() {
			const seconds = Math.max(0, now() - last) / 1000;
			last = now();
			for (const agent of agents.all.values()) step(agent.motion, seconds);
			agents.expire(last);
			payments.expire(last);
			conversations.expire(last);
			notices.expire(last);
		},
		save: () => ({ activity: activity.all }),
		restore: (memory) => activity.restore(memory.activity),
	};
}

/** Whether a new connection begins; one that is resumed continues with the world as it is. */
function isGreeting({ type, resumed }: Message): boolean {
	return (
		type === "gateway_hello" ||
		(type === "agent_registered" && resumed !== true)
	);
}
