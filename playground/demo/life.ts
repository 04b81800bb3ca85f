/** What the agents of the demo have in common: a body, what they know, and an ear for visitors. */
import type {
	Clock,
	MatrixClient,
	MatrixMessage,
} from "vite-plugin-matrix-gateway/client";
import { ANSWERS, heard } from "./answers.ts";
import { type Body, createBody } from "./body.ts";
import { type Knowledge, look, type Sight, survey } from "./knowledge.ts";
import type { Place } from "./places.ts";
import {
	createSurroundings,
	type Surroundings,
	type Thing,
} from "./surroundings.ts";
import { REAL_TIME } from "./time.ts";
import { answererOf, type Intent, understand } from "./visitors.ts";
import { createWording, type Wording } from "./wording.ts";

/** How an agent is run. */
export interface Running {
	/** Ends it. */
	readonly signal: AbortSignal;
	/**
	 * Time and chance, for tests.
	 * @default the real ones
	 */
	readonly clock?: Clock;
	/**
	 * Milliseconds since 1970: what is planted is as old after a restart as it was.
	 * @default Date.now
	 */
	readonly today?: () => number;
}

export interface Life {
	readonly clock: Clock;
	readonly signal: AbortSignal;
	readonly today: () => number;
	readonly body: Body;
	readonly surroundings: Surroundings;
	readonly wording: Wording;
	/** Sends a message now or not at all: what an agent did while nobody could see it is over. */
	send(message: MatrixMessage): boolean;
	knowledge(): Knowledge;
	sight(thing: Thing): Sight;
	/** Told of what a visitor was answered. */
	onVisitor(listener: (text: string, intent: Intent) => void): void;
	/**
	 * Begins once it has heard what is retained: where it stood, and what it has built. `announce` is
	 * for a gateway that does not know, and is called again for each that was restarted.
	 */
	begin(announce?: () => void): Promise<void>;
	/** Whether what it has heard of the world is all that there is: not right after a new start. */
	readonly isSettled: boolean;
	/** Ends what listens. */
	stop(): void;
}

/** Visitors past this many wait in vain: an answer minutes later is none. */
const MOST_WAITING = 3;
/** Milliseconds in which a gateway has told what it retains. */
const SETTLING = 1_000;
/** So much of a message is read. */
const MOST_READ = 280;
/** Milliseconds between two answers, each of which is to be read. */
const BETWEEN_ANSWERS = 900;

export function createLife(
	client: MatrixClient,
	agentId: string,
	start: Place,
	{ signal, clock = REAL_TIME, today = Date.now }: Running,
): Life {
	const surroundings = createSurroundings(client, clock);
	const wording = createWording(clock);
	const send = (message: MatrixMessage) => {
		const isSaid = client.state.status === "online" && client.send(message);
		if (isSaid) surroundings.apply(message);
		return isSaid;
	};
	const others = () =>
		[...surroundings.places].flatMap(([id, place]) =>
			id === agentId ? [] : [place],
		);
	const body = createBody({ agentId, start, clock, signal, others, send });
	const knowledge = () => survey(client, surroundings, clock);
	const isHere = (other: string) => client.agents.has(other);
	const waiting: string[] = [];
	let tell: (text: string, intent: Intent) => void = () => {};
	let stopTimer: (() => void) | undefined;
	let isSettled = false;

	function answer() {
		const text = waiting.shift();
		stopTimer = undefined;
		if (text === undefined) return;
		const intent = understand(text);
		body.interject(
			wording.best(ANSWERS[intent], heard(text, knowledge())),
			"visitor",
		);
		stopTimer = clock.setTimer(answer, BETWEEN_ANSWERS);
		tell(text, intent);
	}

	const stops = [
		surroundings.stop,
		client.on("visitor_message", ({ text }) => {
			if (answererOf(text.slice(0, MOST_READ), isHere) !== agentId) return;
			if (waiting.length < MOST_WAITING) waiting.push(text.slice(0, MOST_READ));
			// As fast as that nobody looks up.
			stopTimer ??= clock.setTimer(answer, 400);
		}),
		client.on("bark", ({ text }) => wording.heard(text)),
		() => stopTimer?.(),
	];

	return {
		...{ clock, signal, today, body, surroundings, wording, send, knowledge },
		sight: (thing) => look(thing, knowledge(), surroundings, clock, today),
		onVisitor(listener) {
			tell = listener;
		},
		get isSettled() {
			return isSettled && client.state.status === "online";
		},
		async begin(announce) {
			while (client.state.status !== "online") await body.pause(0.2);
			await body.pause(SETTLING / 1000);
			body.standAt(surroundings.places.get(agentId) ?? start);
			const announceAll = () => {
				isSettled = true;
				body.announce();
				announce?.();
			};
			announceAll();
			let stopSettling = () => {};
			const stopHearing = client.onState((state) => {
				stopSettling();
				if (state.status !== "online") return;
				if (state.resumed === false) isSettled = false;
				// A connection that was lost in between has not been told either.
				if (!isSettled) stopSettling = clock.setTimer(announceAll, SETTLING);
			});
			stops.push(stopHearing, () => stopSettling());
		},
		stop() {
			for (const stop of stops) stop();
		},
	};
}
