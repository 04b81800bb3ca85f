/** Goes through a recording in its time, or faster. */
import { type RecordedLine, readLine } from "./line.ts";
import type { Player } from "./player.ts";

/** How fast, and from where on. */
export interface Pace {
	/**
	 * How many times as fast.
	 * @default 1
	 */
	readonly speed?: number | undefined;
	/**
	 * What came before is done at once, so that the world is what it was: a time of the day in UTC,
	 * `12:30` or `12:30:05`, which is the first such time in the recording; or a date with a time.
	 * @default the beginning
	 */
	readonly from?: string | undefined;
}

/** What `play` needs beside the lines. */
export interface PlayParts extends Pace {
	readonly player: Player;
	/** Milliseconds, of a clock that `pass` moves on. */
	now(): number;
	pass(milliseconds: number): Promise<void>;
	/** Has what is done done; by default it is awaited. */
	until?(work: Promise<void>): Promise<void>;
	/** Told of a line that is none, and of what else did not go as it did, with the number of the line. */
	problem(number: number, reason: string): void;
	/** Called after each line, which is done then. */
	step?(line: RecordedLine, number: number): void | Promise<void>;
}

/** How many lines were done, and how many were none. */
export interface Played {
	readonly lines: number;
	readonly bad: number;
}

/**
 * @throws RangeError where the speed is none, or `from` no time.
 * @throws Error that names the line where it cannot go on.
 */
export async function play(
	lines: AsyncIterable<string> | Iterable<string>,
	parts: PlayParts,
): Promise<Played> {
	const { player, problem, step, speed = 1 } = parts;
	const { until = (work: Promise<void>) => work } = parts;
	if (!(speed > 0) || speed === Number.POSITIVE_INFINITY)
		throw new RangeError(`a speed is a number above 0, not ${speed}`);
	const reaches = createStart(parts.from);
	let begun: { readonly at: number; readonly now: number } | undefined;
	let number = 0;
	let bad = 0;
	let done = 0;

	async function perform(line: RecordedLine): Promise<void> {
		await player.perform(line);
		if (step) await player.placed();
	}

	for await (const text of lines) {
		number++;
		if (text.trim() === "") continue;
		const line = readLine(text);
		if (typeof line === "string") {
			bad++;
			problem(number, line);
			continue;
		}
		const at = Date.parse(line.at);
		if (!begun && reaches(at)) begun = { at, now: parts.now() };
		const due = begun && begun.now + (at - begun.at) / speed;
		// No timer waits for a month.
		while (due !== undefined && due > parts.now())
			await parts.pass(Math.min(due - parts.now(), DAY));
		if (line.what === "missed")
			problem(number, `from here on something is missing: ${line.reason}`);
		try {
			await until(perform(line));
		} catch (error) {
			throw new Error(`line ${number}: ${(error as Error).message}`);
		}
		await step?.(line, number);
		done++;
	}
	await until(player.placed());
	return { lines: done, bad };
}

/** Whether a time is the one from which on time counts, or after it. */
function createStart(from: string | undefined): (at: number) => boolean {
	if (from === undefined) return () => true;
	const [, hours, minutes, seconds = "0"] = TIME_OF_DAY.exec(from) ?? [];
	if (hours === undefined) {
		const start = Date.parse(from);
		if (Number.isNaN(start))
			throw new RangeError(`${JSON.stringify(from)} is no time such as 12:30`);
		return (at) => at >= start;
	}
	const wanted =
		((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
	let start: number | undefined;
	return (at) => {
		// The first such time from the first line on.
		start ??= at + ((wanted - (at % DAY) + DAY) % DAY);
		return at >= start;
	};
}

const DAY = 86_400_000;
const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
