import { setTimeout as wait } from "node:timers/promises";
import type { MatrixClient } from "vite-plugin-matrix-gateway/client";
import type {
	AgentBehavior,
	AgentState,
	Bark,
} from "vite-plugin-matrix-gateway/messages";

/** A point on the ground. */
export interface Place {
	readonly x: number;
	readonly z: number;
}

type StateName = AgentState["state"];
type Behavior = AgentBehavior["behavior"];
type Emotion = NonNullable<Bark["emotion"]>;

/** What an agent does in the world, said as messages. */
export interface Body {
	/** Where it is, or was going last. */
	readonly place: Place;
	/** Goes there; settles on arrival. */
	walkTo(place: Place, lookAt?: Place): Promise<void>;
	lookAt(place: Place): void;
	say(text: string, emotion?: Emotion, animation?: string): void;
	show(state: StateName, task?: string): void;
	behave(behavior: Behavior, seconds: number): void;
	/** Stands still for a time, in seconds. */
	pause(seconds: number): Promise<void>;
	/** Says how it is and where, to a gateway that may not know. */
	announce(): void;
	/** Sends a message now or not at all: what an agent did while nobody could see it is over. */
	readonly send: MatrixClient["send"];
}

/** Metres a second. */
const PACE = 1.7;

/** @param signal Ends its walks and pauses. */
export function createBody(
	client: MatrixClient,
	agentId: string,
	start: Place,
	signal: AbortSignal,
): Body {
	let place = start;
	let facing = 0;
	let state: { state: StateName; current_task: string } = {
		state: "idle",
		current_task: "",
	};

	const send: Body["send"] = (message) =>
		client.state.status === "online" && client.send(message);
	const sendMove = () => {
		const position = { x: place.x, y: 0, z: place.z };
		send({ type: "agent_move", agentId, position, facing, speed: PACE });
	};
	const sendState = () => send({ type: "agent_state", agentId, ...state });
	const pause = (seconds: number) =>
		wait(seconds * 1000, undefined, { signal });

	return {
		get place() {
			return place;
		},
		async walkTo(to, lookAt) {
			const way = distance(place, to);
			facing = headingTo(lookAt ? to : place, lookAt ?? to);
			place = to;
			sendMove();
			await pause(way / PACE + 0.2);
		},
		lookAt(other) {
			facing = headingTo(place, other);
			sendMove();
		},
		say(text, emotion = "calm", animation = "nod") {
			send({ type: "bark", agentId, text, emotion, animation });
		},
		show(name, task = "") {
			state = { state: name, current_task: task };
			sendState();
		},
		behave(behavior, duration) {
			send({ type: "agent_behavior", agentId, behavior, duration });
		},
		pause,
		announce() {
			sendState();
			sendMove();
		},
		send,
	};
}

/**
 * Calls `announce` on each connection: the gateway keeps what was said for pages that come
 * late, but a gateway that was restarted has heard nothing yet. Returns its stop.
 */
export function onOnline(
	client: MatrixClient,
	announce: () => void,
): () => void {
	return client.onState(({ status }) => {
		if (status === "online") announce();
	});
}

export function distance(a: Place, b: Place): number {
	return Math.hypot(b.x - a.x, b.z - a.z);
}

function headingTo(from: Place, to: Place): number {
	return Math.atan2(to.x - from.x, to.z - from.z);
}
