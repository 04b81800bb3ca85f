/**
 * Nobody takes the time of those who send less than can be read.
 *
 * A stream that brings more than is read of it, and takes more than an eighth of the time, is greedy.
 * While somebody speaks who is not, all greedy ones have an eighth of the time together, and what is
 * written soon after they were read is charged to them: 100,000 broadcasts a second were read of one
 * sender, and what it took to give them to 5,000 receivers, and these to read them, made others wait
 * for 50 ms. What is not read waits in the kernel, and slows its sender down. Where nobody else speaks
 * nobody is slowed down.
 */
import type { Duplex } from "node:stream";

/** The part of the time that a stream has, and all greedy ones together. */
const SHARE = 1 / 8;

/** Milliseconds that one may take at once. */
const BURST = 5;

/**
 * Milliseconds for which one that took more than its share is greedy. Who waits for longer is read; and who is read
 * for more within as long again is greedy at once.
 */
const GREEDY = 2_000;

/** Milliseconds of debt that are remembered: nobody waits for longer than it takes to pay them. */
const MOST_DEBT = 100;

/** Milliseconds for which one whose message was read is one that speaks. */
const SPEAKS = 250;

/** Milliseconds after a greedy one was read in which broadcasts begin to be written that are its own, most likely. */
const WRITES = 100;

/** What was taken more than a share, in milliseconds. */
interface Account {
	debt: number;
	lookedAt: number;
}

interface StreamAccount extends Account {
	greedyUntil: number;
}

/** All of the process: what holds the loop is not one gateway's. */
const common: Account = { debt: 0, lookedAt: 0 };
/** Until when what is written is charged to the greedy. */
let writtenUntil = 0;
/** One whose message was read since it was looked at, and none that was greedy, where there is one. */
let heard: Duplex | undefined;
let othersSpeakUntil = 0;

/** A message of a stream was read, which brought no more than that is read of it. It is on the hot path. */
export function hear(stream: Duplex): void {
	if (heard === undefined || wasGreedy(heard)) heard = stream;
}

/** To read a stream took so many milliseconds, and more of it is there. */
export function chargeReading(
	stream: Duplex,
	milliseconds: number,
	now: number,
): void {
	const account = accountOf(stream);
	charge(account, milliseconds, now);
	const isAgain = now < account.greedyUntil + GREEDY;
	if (account.debt <= BURST && !isAgain) return;
	account.greedyUntil = now + GREEDY;
	charge(common, milliseconds, now);
	writtenUntil = now + WRITES;
}

/** To write broadcasts took so many milliseconds. */
export function chargeWriting(milliseconds: number): void {
	const now = performance.now();
	if (now - milliseconds < writtenUntil) charge(common, milliseconds, now);
}

export function isGreedy(stream: Duplex, now: number): boolean {
	return now < greedyUntilOf(stream);
}

function wasGreedy(stream: Duplex): boolean {
	return greedyUntilOf(stream) > NEVER;
}

/** Most never bring more than is read of them, and have no account. */
function greedyUntilOf(stream: Duplex): number {
	return (stream as Accounted)[ACCOUNT]?.greedyUntil ?? NEVER;
}

/** Milliseconds until a greedy stream may be read; undefined where nobody else speaks. */
export function waitOfGreedy(now: number): number | undefined {
	if (heard && !isGreedy(heard, now)) othersSpeakUntil = now + SPEAKS;
	heard = undefined;
	if (now >= othersSpeakUntil) return undefined;
	charge(common, 0, now);
	return Math.min(common.debt / SHARE, othersSpeakUntil - now);
}

function charge(account: Account, milliseconds: number, now: number): void {
	const paid = (now - account.lookedAt) * SHARE;
	const debt = Math.max(0, account.debt - paid) + milliseconds;
	account.debt = Math.min(MOST_DEBT, debt);
	account.lookedAt = now;
}

const ACCOUNT = Symbol("time taken");
const NEVER = Number.NEGATIVE_INFINITY;

type Accounted = Duplex & { [ACCOUNT]?: StreamAccount };

function accountOf(stream: Duplex): StreamAccount {
	const target = stream as Accounted;
	target[ACCOUNT] ??= { debt: 0, lookedAt: 0, greedyUntil: NEVER };
	return target[ACCOUNT];
}
