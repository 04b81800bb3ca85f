import type { ResumeSession } from "../core/protocol/protocol.ts";
import type { Answer } from "./read-message.ts";

/**
 * How a connection begins:
 *
 * - `new`: it is the first.
 * - `resumed`: it continues where the last one ended; nothing was lost [RES3].
 * - `lost`: it starts over; messages of the time between are missing [RES4].
 */
export type Beginning = "new" | "resumed" | "lost";

/** What is kept of a session across a reload. */
export interface KeptSession {
	readonly session?: string | undefined;
	readonly received: number;
}

/** The client's side of the session that the gateway keeps for it [RES]. */
export interface Session {
	/** The gateway's secret; undefined where there is no session to resume. */
	readonly token: string | undefined;
	/** What `agent_register` says as `resume` [RES1, RES3]. */
	toRequest(): true | ResumeSession | undefined;
	/**
	 * Reads the gateway's answer; messages after it are counted. Undefined where the answer resumes
	 * with an impossible count: then the session is over, and so is the connection.
	 */
	begin(answer: Answer): Beginning | undefined;
	/** Counts a message that came [RES2]. */
	count(type: string | undefined): void;
	/** A `ping`, which tells the gateway what it need no longer keep [RES5]. */
	toPing(): string;
	/** Another page has resumed it. */
	lose(): void;
	save(): KeptSession;
	/** Continues the session of the page before. */
	restore(kept: KeptSession): void;
}

/**
 * A session; where it is not wanted it asks the gateway for nothing. `mayHave` tells whether the
 * gateway can have received so many of the client's messages.
 */
export function createSession(
	isWanted: boolean,
	mayHave: (received: number | undefined) => boolean,
): Session {
	let token: string | undefined;
	let received = 0;
	let isReturning = false;
	let needsRetained = false;

	return {
		get token() {
			return token;
		},
		toRequest() {
			if (!isWanted) return undefined;
			if (token === undefined) return true;
			const session = { session: token, received };
			return needsRetained ? { ...session, retained: true } : session;
		},
		begin(answer) {
			const isResumed = token !== undefined && answer.resumed;
			const beginning = isReturning ? "lost" : "new";
			if (isResumed && !mayHave(answer.received)) {
				token = undefined;
				return undefined;
			}
			if (!isResumed) received = 0;
			token = isWanted ? answer.session : undefined;
			isReturning = true;
			needsRetained = false;
			return isResumed ? "resumed" : beginning;
		},
		count(type) {
			if (isCounted(type)) received++;
		},
		toPing: () =>
			JSON.stringify({
				type: "ping",
				...(token !== undefined && { received }),
			}),
		lose() {
			token = undefined;
		},
		save: () => ({ session: token, received }),
		restore(kept) {
			token = kept.session;
			received = kept.received;
			isReturning = token !== undefined;
			needsRetained = true;
		},
	};
}

/** Whether a message counts. Both sides leave out these types [RES2]. */
export function isCounted(type: string | undefined): boolean {
	return !["ping", "pong", "auth_refresh", "gateway_auth"].includes(`${type}`);
}
