import { isReserved } from "vite-plugin-matrix-gateway/protocol";
import { describe, type Line } from "./describe.ts";
import { removeExpired } from "./expire.ts";
import {
	type Message,
	type Position,
	readAgentId,
	readPosition,
	readText,
} from "./values.ts";

/** What is seen for a moment where it happened, and is no speech. */
export interface Notice {
	readonly kind: "task" | "visitor" | "system" | "unknown";
	/** Over whom it stands; empty where it is nobody's. */
	readonly agentId: string;
	/** Where it stands, if over nobody. */
	readonly position: Position;
	readonly text: string;
	readonly since: number;
	readonly until: number;
}

/** How long a notice is there, in milliseconds. */
const NOTICE_TIME = 7_000;

/** Notices at a time; the oldest gives way. */
export const MAX_NOTICES = 24;

/** Where visitors come from: at the front of the clearing. */
const VISITORS: Position = { x: 0, y: 0, z: 6.4 };
const MIDDLE: Position = { x: 0, y: 0, z: 0 };

export interface Notices {
	readonly all: readonly Notice[];
	/** Applies a message that is known; returns whether it left a notice. */
	apply(message: Message, now: number): boolean;
	/** A message of a type that this world has no picture of: its name is one. */
	applyUnknown(message: Message, now: number): void;
	expire(now: number): void;
}

export function createNotices(): Notices {
	const all: Notice[] = [];

	function add(notice: Omit<Notice, "until">) {
		const { kind, agentId } = notice;
		// One of a kind over each: what was there before is past.
		const old = all.findIndex((n) => n.kind === kind && n.agentId === agentId);
		if (old >= 0) all.splice(old, 1);
		all.push({ ...notice, until: notice.since + NOTICE_TIME });
		if (all.length > MAX_NOTICES) all.shift();
	}

	return {
		all,
		apply(message, now) {
			const line = describe(message);
			const kind = line && KINDS[line.kind];
			if (!line || !kind) return false;
			const agentId = kind === "task" ? (readAgentId(message) ?? "") : "";
			const position = kind === "visitor" ? VISITORS : MIDDLE;
			const text = kind === "visitor" ? `${line.who}: ${line.text}` : line.text;
			add({ kind, agentId, position, text, since: now });
			return true;
		},
		applyUnknown(message, now) {
			const text = readText(message.type, 40);
			// What the gateway itself says is of a connection, not of the world.
			if (text === undefined || isReserved(text)) return;
			const agentId = readAgentId(message) ?? "";
			const position = readPosition(message.position);
			if (agentId === "" && position === undefined) return;
			const place = position ?? MIDDLE;
			add({ kind: "unknown", agentId, position: place, text, since: now });
		},
		expire: (now) => removeExpired(all, now),
	};
}

const KINDS: Partial<Record<Line["kind"], Notice["kind"]>> = {
	task: "task",
	visitor: "visitor",
	system: "system",
};
