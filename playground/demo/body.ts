import type { Clock, MatrixMessage } from "vite-plugin-matrix-gateway/client";
import type {
	AgentBehavior,
	AgentState,
	Bark,
} from "vite-plugin-matrix-gateway/messages";
import {
	clearOf,
	distance,
	FRONT,
	headingTo,
	type Place,
	route,
} from "./places.ts";
import { wait } from "./time.ts";

type StateName = AgentState["state"];
type Behavior = AgentBehavior["behavior"];
type Emotion = NonNullable<Bark["emotion"]>;

/** What an agent does in the world, said as messages. */
export interface Body {
	/** Goes there by the paths, not into others; settles on arrival. */
	walkTo(place: Place, lookAt?: Place): Promise<void>;
	/** Says something, if there is something to say, and lets it be read. */
	say(
		text: string | undefined,
		emotion?: Emotion,
		animation?: string,
	): Promise<void>;
	show(state: StateName, task?: string): void;
	behave(behavior: Behavior, seconds: number): void;
	/** Stands still for a time, in seconds. */
	pause(seconds: number): Promise<void>;
	/** Turns to the visitors and speaks at once: what it was doing waits, and then goes on. */
	interject(text: string, addressee: string, animation?: string): void;
	/** Where it is known to stand, before it begins. */
	standAt(place: Place): void;
	/** Says how it is and where, to a gateway that may not know. */
	announce(): void;
}

export interface BodyParts {
	readonly agentId: string;
	readonly start: Place;
	readonly clock: Clock;
	/** Ends its walks and pauses. */
	readonly signal: AbortSignal;
	/** Where others stand, or go. */
	others(): Iterable<Place>;
	send(message: MatrixMessage): boolean;
}

/** Metres a second. */
const PACE = 1.7;

export function createBody(parts: BodyParts): Body {
	const { agentId, clock, signal, send } = parts;
	let from = parts.start;
	let to = parts.start;
	let began = clock.now();
	let facing = headingTo(parts.start, FRONT);
	let heldUntil = 0;
	let halt = new AbortController();
	let state: { state: StateName; current_task: string } = {
		state: "idle",
		current_task: "",
	};

	function here(): Place {
		const way = distance(from, to);
		const gone = ((clock.now() - began) / 1000) * PACE;
		const part = way > gone ? gone / way : 1;
		return {
			x: from.x + (to.x - from.x) * part,
			z: from.z + (to.z - from.z) * part,
		};
	}
	function go(place: Place, heading: number) {
		from = here();
		to = place;
		began = clock.now();
		facing = heading;
		const position = { x: to.x, y: 0, z: to.z };
		send({ type: "agent_move", agentId, position, facing, speed: PACE });
	}
	async function pause(seconds: number) {
		await wait(clock, seconds, signal);
		while (clock.now() < heldUntil)
			await wait(clock, (heldUntil - clock.now()) / 1000, signal);
	}
	async function leg(place: Place, heading: number) {
		while (distance(here(), place) > 0.02) {
			halt = new AbortController();
			go(place, heading);
			await wait(clock, distance(from, place) / PACE, signal, halt.signal);
			await pause(0);
		}
		if (facing !== heading) go(place, heading);
	}
	return {
		async walkTo(place, lookAt) {
			const ways = route(here(), place);
			for (const way of ways.slice(0, -1))
				await leg(way, headingTo(here(), way));
			// Where others are is known better here than where it set out.
			for (let tries = 0; tries < 2; tries++) {
				const end = clearOf(tries === 0 ? place : here(), parts.others());
				const isThere = distance(here(), end) < 0.3;
				if (isThere && tries > 0) break;
				await leg(end, headingTo(lookAt ? end : here(), lookAt ?? end));
			}
			await pause(0.3);
		},
		async say(text, emotion = "calm", animation = "nod") {
			if (text === undefined) return pause(0.5);
			send({ type: "bark", agentId, text, emotion, animation });
			await pause(Math.min(6, 1.8 + text.length * 0.045));
		},
		show(name, task = "") {
			state = { state: name, current_task: task };
			send({ type: "agent_state", agentId, ...state });
		},
		behave(behavior, duration) {
			send({ type: "agent_behavior", agentId, behavior, duration });
		},
		pause,
		interject(text, addressee, animation = "wave") {
			const spot = here();
			go(spot, headingTo(spot, FRONT));
			const bark = { type: "bark", agentId, text, animation, to: addressee };
			send({ ...bark, emotion: "excited" });
			heldUntil = clock.now() + 3_500;
			halt.abort();
		},
		standAt(place) {
			from = to = place;
		},
		announce() {
			send({ type: "agent_state", agentId, ...state });
			go(to, facing);
		},
	};
}
