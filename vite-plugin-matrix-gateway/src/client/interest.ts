/** What the client asks to be sent of what is routed [SUB1], over all of its connections. */
import type { AgentSubscribe, Interest } from "../core/protocol/protocol.ts";
import type { Clock } from "./clock.ts";
import type { MatrixMessage, OutgoingMessage } from "./messages.ts";
import type { Outbox } from "./outbox.ts";
import { readText } from "./read-message.ts";
import { RequestError } from "./requests.ts";
import type { Beginning } from "./session.ts";

export interface InterestKeeper {
	/** What a registration carries; undefined where nobody ever asked. */
	readonly wish: Interest | null | undefined;
	/** Asks for something else; resolves when that holds. */
	subscribe(interest: Interest | null): Promise<void>;
	/** What was asked for on earlier connections is answered no more. */
	takeBack(): void;
	/** A connection has begun, whose first message has carried the wish where it was a registration. */
	ready(beginning: Beginning, told: unknown): void;
	/** It has ended. */
	lost(): void;
	/** Handles an answer to what was asked for, if it is one. */
	handle(message: MatrixMessage): void;
	close(code: "refused" | "disposed", reason: string): void;
}

/** One that was sent, with those who wait for its answer. */
interface Due {
	readonly message: OutgoingMessage;
	readonly wish: Interest | null | undefined;
	readonly waiting: readonly Waiting[];
}

interface Waiting {
	resolve(): void;
	reject(error: unknown): void;
}

/**
 * One `agent_subscribe` is on its way at a time; of what is asked for meanwhile the last follows
 * [SUB2].
 * @param isAgent Whether a connection begins with a registration, which carries the wish.
 */
export function createInterestKeeper(
	first: Interest | null | undefined,
	isAgent: boolean,
	outbox: Pick<Outbox, "send" | "withdraw">,
	clock: Pick<Clock, "setTimer">,
): InterestKeeper {
	let wish = first;
	// What the gateway has agreed to. A registration with what it has refused would be refused too.
	let agreed = first;
	let isOnline = false;
	let hasBegun = false;
	// Those who wait for the answer that is due, and for the next time that it is asked.
	let due: Due | undefined;
	let unsent: Waiting[] = [];
	// Ends the time for which the gateway wants to be asked nothing.
	let stopPause: (() => void) | undefined;
	let closed: RequestError | undefined;

	function ask(): void {
		if (due || stopPause) return;
		const message = { type: SUBSCRIBE, subscribe: wish ?? null };
		const waiting = unsent.splice(0);
		if (outbox.send(message)) due = { message, wish, waiting };
		else fail(waiting, NOT_SENT);
	}

	function takeDue(): Waiting[] {
		const waiting = due?.waiting ?? [];
		due = undefined;
		return [...waiting];
	}

	function endPause(): void {
		stopPause?.();
		stopPause = undefined;
	}

	function takeBack(): void {
		if (due) outbox.withdraw(due.message);
		unsent = [...takeDue(), ...unsent];
		endPause();
	}

	/** Asks again once the gateway would do it; whoever waits goes on waiting. */
	function askLater(seconds: number): void {
		unsent = [...takeDue(), ...unsent];
		stopPause = clock.setTimer(() => {
			stopPause = undefined;
			ask();
		}, seconds * 1000);
	}

	function refused(message: MatrixMessage): void {
		const { code, message: text, retryAfter } = message;
		if (code === "rate_limited" && typeof retryAfter === "number")
			askLater(Math.min(Math.max(retryAfter, MIN_PAUSE), MAX_PAUSE));
		else giveUp(`${readText(code)}: ${readText(text)}`);
	}

	function giveUp(reason: string): void {
		if (unsent.length === 0) wish = agreed;
		fail(takeDue(), reason);
	}

	function settle(told: unknown): void {
		agreed = wish;
		const waiting = unsent.splice(0);
		if (told === undefined && wish) fail(waiting, NOT_KNOWN);
		else succeed(waiting);
	}

	return {
		get wish() {
			return wish;
		},
		// Async, so that what is thrown becomes a rejection.
		async subscribe(interest) {
			if (closed) throw closed;
			wish = interest;
			return new Promise((resolve, reject) => {
				unsent.push({ resolve, reject });
				if (isOnline) ask();
			});
		},
		takeBack,
		ready(beginning, told) {
			isOnline = true;
			const isResumed = beginning === "resumed";
			// What is sent again may be an older wish: the last one follows its answer.
			if (due) return;
			// So may be what the page before has sent.
			const isOvertaken = isResumed && !hasBegun;
			const asks = isAgent ? isOvertaken : wish || unsent.length > 0;
			hasBegun = true;
			if (asks && wish !== undefined) ask();
			else settle(told);
		},
		lost() {
			isOnline = false;
			endPause();
		},
		handle(message) {
			if (!due) return;
			const { type, of } = message;
			if (type === SUBSCRIBED) {
				agreed = due.wish;
				succeed(takeDue());
			} else if (type === "gateway_error" && of === SUBSCRIBE) refused(message);
			if (unsent.length > 0) ask();
		},
		close(code, reason) {
			closed ??= new RequestError(code, reason);
			takeBack();
			for (const { reject } of unsent.splice(0)) reject(closed);
		},
	};
}

/** The type of what asks. */
export const SUBSCRIBE: AgentSubscribe["type"] = "agent_subscribe";

const SUBSCRIBED = "agent_subscribed";

/** Seconds, whatever a gateway says: it is neither asked without a rest, nor never again. */
const MIN_PAUSE = 0.1;
const MAX_PAUSE = 60;

const NOT_SENT = "not sent: too many messages wait";

const NOT_KNOWN = "this gateway sends everything: it is an older one";

function succeed(waiting: readonly Waiting[]): void {
	for (const { resolve } of waiting) resolve();
}

function fail(waiting: readonly Waiting[], reason: string): void {
	for (const { reject } of waiting) reject(new RequestError("refused", reason));
}
