/** What must be so of all that was said and heard, whatever became of nodes and of the order. */
import { findOwnerFaults } from "./owners.ts";
import type { Records, Said, Segment, Speaker } from "./records.ts";

/**
 * Returns what broke a promise, in words.
 *
 * @param losesHistory Whether the order itself may have lost what it had: then who was told that
 *   its session is lost has no promise for what was before, and no receipt is owed.
 */
export function judge(records: Records, losesHistory: boolean): string[] {
	return [
		...records.segments.flatMap(findDisorder),
		...findHoles(records),
		...findDisagreements(records.segments, losesHistory),
		...records.segments.flatMap(findPresenceFaults),
		...(losesHistory
			? []
			: [
					...records.speakers.flatMap(findReceiptFaults),
					...findOwnerFaults(records),
				]),
	];
}

/** What one speaker said comes in its order, and once. */
function findDisorder({ observer, heard }: Segment): string[] {
	const last = new Map<string, number>();
	return heard.flatMap((message) => {
		const before = last.get(message.from) ?? -1;
		last.set(message.from, message.at);
		return message.at > before
			? []
			: [`${observer} got ${nameOf(message)} after ${message.from}#${before}`];
	});
}

/** Within what an observer heard of a speaker nothing is missing that was for it. */
export function findHoles({ segments, speakers }: Records): string[] {
	return segments.flatMap((segment) =>
		speakers.flatMap((speaker) => findHolesOf(segment, speaker)),
	);
}

function findHolesOf(segment: Segment, speaker: Speaker): string[] {
	const { observer, heard, isFirst, isLast } = segment;
	if (observer === speaker.name) return [];
	const numbers = heard
		.filter(({ from }) => from === speaker.name)
		.map(({ at }) => at);
	const got = new Set(numbers);
	const from = isFirst ? 0 : (numbers[0] ?? Number.POSITIVE_INFINITY);
	const to = isLast ? speaker.said.length - 1 : (numbers.at(-1) ?? -1);
	return speaker.said
		.slice(Math.min(from, to + 1), to + 1)
		.filter(({ to = observer }) => to === observer)
		.filter(({ at }) => !got.has(at) && isPromised(speaker, at))
		.map((message) => `${observer} never got ${nameOf(message)}`);
}

function isPromised({ givenUp, saidAtLoss }: Speaker, at: number): boolean {
	return at >= saidAtLoss && !givenUp.has(at);
}

/** Any two heard the same in the same order, in as far as both were there. */
function findDisagreements(
	segments: readonly Segment[],
	losesHistory: boolean,
): string[] {
	// Who was told that its session is lost may have been told what no longer is.
	const bound = segments
		.filter(({ isLast }) => isLast || !losesHistory)
		.map((segment) => ({
			segment,
			all: segment.heard.filter(({ to }) => to === undefined),
			keys: new Set(segment.heard.map(nameOf)),
		}));
	return bound.flatMap((one, index) =>
		bound.slice(index + 1).flatMap((other) => {
			const [left, right] = [common(one, other), common(other, one)];
			const at = left.findIndex((name, place) => name !== right[place]);
			if (at < 0 && left.length === right.length) return [];
			const place = at < 0 ? Math.min(left.length, right.length) : at;
			return [
				`${one.segment.observer} got ${left[place]} where ${other.segment.observer} got ${right[place]}`,
			];
		}),
	);
}

interface Bound {
	readonly segment: Segment;
	readonly all: readonly Said[];
	readonly keys: ReadonlySet<string>;
}

/** What one heard from the first to the last that the other heard too, without what that one said. */
function common({ all }: Bound, other: Bound): string[] {
	const isShared = (message: Said) => other.keys.has(nameOf(message));
	const first = all.findIndex(isShared);
	const last = all.findLastIndex(isShared);
	return all
		.slice(first < 0 ? 0 : first, last + 1)
		.filter(({ from }) => from !== other.segment.observer)
		.map(nameOf);
}

/** Joined and left alternate for each agent, beginning with the roster. */
function findPresenceFaults(segment: Segment): string[] {
	const { observer, roster, presence } = segment;
	const present = new Set(roster);
	return presence.flatMap(({ agentId, isThere }) => {
		const isNews = present.has(agentId) !== isThere;
		if (isThere) present.add(agentId);
		else present.delete(agentId);
		return isNews
			? []
			: [
					`${observer} saw ${agentId} ${isThere ? "join" : "leave"} twice in a row`,
				];
	});
}

const OUTCOMES = ["delivered", "queued delivered"];

/** Everyone has a session that waits: what was sent to them arrives. */
function findReceiptFaults({ name, receipts }: Speaker): string[] {
	return receipts
		.map((told, index) => ({ told, index }))
		.filter(({ told }) => !OUTCOMES.includes(told))
		.map(
			({ told, index }) => `${name} was told "${told}" of receipt r${index}`,
		);
}

function nameOf({ from, at }: Said): string {
	return `${from}#${at}`;
}
