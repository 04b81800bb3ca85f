import { type Message, readId, readNumber, readText } from "./values.ts";

/** Coins on their way from one agent to another. */
export interface Payment {
	readonly from: string;
	readonly to: string;
	readonly amount: number;
	readonly unit: string;
	readonly since: number;
}

/** How long coins fly, in milliseconds. */
export const FLIGHT_TIME = 2_400;

const MAX_IN_FLIGHT = 12;

export interface Payments {
	readonly inFlight: readonly Payment[];
	/** Applies a message about payments; returns whether it is one. */
	apply(message: Message, now: number): boolean;
	expire(now: number): void;
}

export function createPayments(): Payments {
	let inFlight: Payment[] = [];
	return {
		get inFlight() {
			return inFlight;
		},
		apply(message, now) {
			if (message.type !== "payment_flow") return false;
			const payment = readPayment(message, now);
			if (payment) inFlight = [...inFlight, payment].slice(-MAX_IN_FLIGHT);
			return true;
		},
		expire(now) {
			if (inFlight.some(({ since }) => since + FLIGHT_TIME <= now))
				inFlight = inFlight.filter(({ since }) => since + FLIGHT_TIME > now);
		},
	};
}

/** A payment, where the message names both sides. */
export function readPayment(
	message: Message,
	now: number,
): Payment | undefined {
	const { from, to, amount, unit } = message;
	const [payer, payee] = [readId(from), readId(to)];
	if (payer === undefined || payee === undefined) return undefined;
	return {
		from: payer,
		to: payee,
		amount: readNumber(amount, 0, 1e12) ?? 0,
		unit: readText(unit, 12) ?? "",
		since: now,
	};
}
