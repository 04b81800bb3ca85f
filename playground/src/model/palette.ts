import type { AgentState, Bark } from "vite-plugin-matrix-gateway/messages";
import { hash } from "./hash.ts";

const ROLE_COLORS: ReadonlyMap<string, string> = new Map([
	["mind", "#2fc4b2"],
	["interviewer", "#ff8a5c"],
	["agent", "#5b9dff"],
	["browser", "#a9b4c8"],
]);

const OTHER_COLORS = [
	"#f2b84b",
	"#e86a92",
	"#9a7bff",
	"#6cc551",
	"#4fb3e8",
	"#d98cf0",
];

/** The colour of a role: the same everywhere, also for a role that nobody has heard of. */
export function roleColor(role: string): string {
	const index = Math.floor(hash(role) * OTHER_COLORS.length);
	return ROLE_COLORS.get(role) ?? OTHER_COLORS[index] ?? "#5b9dff";
}

export type StateName = AgentState["state"];

export type Emotion = NonNullable<Bark["emotion"]>;

/** What each state of an agent glows in, and how strongly unless the message says. */
export const STATES = {
	idle: { color: "#9db4ff", glow: 0.25 },
	working: { color: "#ffb347", glow: 0.7 },
	waiting: { color: "#c58bff", glow: 0.4 },
	thinking: { color: "#5fe0ff", glow: 0.65 },
	active: { color: "#7dff9b", glow: 0.85 },
} as const satisfies Readonly<Record<StateName, object>>;

/** What each emotion colours a speech bubble in. */
export const EMOTIONS = {
	calm: "#5fd4c4",
	excited: "#ffb454",
	uncertain: "#b79cff",
} as const satisfies Readonly<Record<Emotion, string>>;

/** The colour of an object that names none: its own, from its id. */
export function objectColor(id: string): string {
	const index = Math.floor(hash(id) * OTHER_COLORS.length);
	return OTHER_COLORS[index] ?? "#f2b84b";
}
