/** How much one connection may send [ERR5]. */
import type { ResolvedOptions } from "../protocol/options.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { Bucket } from "./token-bucket.ts";

/** What a connection has sent faster than it may, in milliseconds that it would take to send it. */
export interface IntakeAccount {
	messageDebt: number;
	byteDebt: number;
	/** When it was looked at last. */
	lastMessageAt: number;
}

/** That of a client which has one connection after the other, or several at once [HTTP7]. */
export interface SharedAccount extends IntakeAccount {
	/** Made when it first registers [REG7]. */
	registrations: Bucket | undefined;
}

/** One that owes nothing. */
export function createSharedAccount(): SharedAccount {
	return {
		...{ messageDebt: 0, byteDebt: 0, lastMessageAt: 0 },
		registrations: undefined,
	};
}

/**
 * Charges a connection for one more message of so many bytes, unless that is too much: then it
 * returns the milliseconds after which it would not be, and else 0.
 */
export type Intake = (of: IntakeAccount, bytes: number, now: number) => number;

/**
 * Debts that time pays off, and no count of what is left: one addition and a comparison for each
 * limit, and where there is none, they stay 0.
 */
export function createIntake(options: ResolvedOptions): Intake {
	const { maxMessagesPerSecond, maxBytesPerSecond, maxPayload } = options;
	const perMessage = millisecondsEach(maxMessagesPerSecond);
	const perByte = millisecondsEach(maxBytesPerSecond);
	const mostMessages = options.messageBurst * perMessage;
	const mostBytes = Math.max(options.byteBurst, maxPayload) * perByte;
	return (of, bytes, now) => {
		const elapsed = now - of.lastMessageAt;
		of.lastMessageAt = now;
		of.messageDebt = Math.max(0, of.messageDebt - elapsed);
		of.byteDebt = Math.max(0, of.byteDebt - elapsed);
		const messageDebt = of.messageDebt + perMessage;
		const byteDebt = of.byteDebt + bytes * perByte;
		const excess = Math.max(messageDebt - mostMessages, byteDebt - mostBytes);
		if (excess > ROUNDING) return excess;
		of.messageDebt = messageDebt;
		of.byteDebt = byteDebt;
		return 0;
	};
}

/** The refusal of what was too much, for so many milliseconds. */
export function tooMuch(milliseconds: number): Refusal {
	return {
		code: "rate_limited",
		message: "not done: this connection sends too much; it may go on later",
		retryAfter: inSeconds(milliseconds),
	};
}

/** With three digits, and never too early. */
export function inSeconds(milliseconds: number): number {
	return Math.ceil(milliseconds) / 1000;
}

function millisecondsEach(perSecond: number): number {
	return perSecond === 0 ? 0 : 1000 / perSecond;
}

/** Of milliseconds: sums of fractions are not exact. */
const ROUNDING = 1e-6;
