/** What the client asks to be sent of what is routed [SUB1], over all of its connections. */
import type { AgentSubscribe, Interest } from "../core/protocol/protocol.ts";
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
	readonly waiting: readonly Waiting[];
}

interface Waiting {
	resolve(): void;
	reject(error: unknown): void;
}

/**
 * Each `agent_subscribe` has one answer, and answers come in the order of what they answer.
 * @param isAgent Whether a connection begins with a registration, which carries the wish.
 */
export function createInterestKeeper(
	first: Interest | null | undefined,
	isAgent: boolean,
	outbox: Pick<Outbox, "send" | "withdraw">,
): InterestKeeper {
	let wish = first;
	let isOnline = false;
	let hasBegun = false;
	// Those who wait for the answers that are due, and for the next connection.
	let due: Due[] = [];
	let unsent: Waiting[] = [];
	let closed: RequestError | undefined;

	function ask(): void {
		const message = { type: SUBSCRIBE, subscribe: wish ?? null };
		if (outbox.send(message)) due.push({ message, waiting: unsent });
		else fail(unsent, NOT_SENT);
		unsent = [];
	}

	function takeBack(): void {
		for (const { message } of due) outbox.withdraw(message);
		unsent = [...due.flatMap(({ waiting }) => waiting), ...unsent];
		due = [];
	}

	function settle(told: unknown): void {
		const waiting = unsent;
		unsent = [];
		if (told === undefined && wish) fail(waiting, NOT_KNOWN);
		else for (const { resolve } of waiting) resolve();
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
			// What is sent again may be an older wish, also that of the page before.
			const isOvertaken = isResumed && (due.length > 0 || !hasBegun);
			const asks = isAgent ? isOvertaken : wish || unsent.length > 0;
			hasBegun = true;
			if (asks && wish !== undefined) ask();
			else settle(told);
		},
		lost() {
			isOnline = false;
		},
		handle(message) {
			const { type, of } = message;
			if (type === SUBSCRIBED)
				for (const { resolve } of due.shift()?.waiting ?? []) resolve();
			if (type === "gateway_error" && of === SUBSCRIBE) {
				const { code, message: text } = message;
				fail(
					due.shift()?.waiting ?? [],
					`${readText(code)}: ${readText(text)}`,
				);
			}
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

const NOT_SENT = "not sent: too many messages wait";

const NOT_KNOWN = "this gateway sends everything: it is an older one";

function fail(waiting: readonly Waiting[], reason: string): void {
	for (const { reject } of waiting) reject(new RequestError("refused", reason));
}
