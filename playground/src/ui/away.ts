import type { AgentInfo } from "vite-plugin-matrix-gateway/protocol";
import { lastNumber } from "../model/activity.ts";
import { readText } from "../model/values.ts";
import type { World } from "../model/world.ts";
import { duration } from "./time.ts";

/** As much of the world as one needs to tell what has changed. */
export interface Past {
	readonly roster: readonly AgentInfo[];
	readonly things: number;
	/** The number of the last line of activity. */
	readonly line: number;
}

export function pastOf({ roster, objects, activity }: World): Past {
	return { roster, things: objects.size, line: lastNumber(activity) };
}

/**
 * What has changed between two times, in words.
 *
 * @returns an empty text where nothing has.
 */
export function describeChange(before: Past, after: Past): string {
	const [then, now] = [namesOf(before), namesOf(after)];
	const came = [...now].filter((name) => !then.has(name));
	const left = [...then].filter((name) => !now.has(name));
	const lines = after.line - before.line;
	const things = after.things - before.things;
	return [
		came.length > 0 && `${names(came)} came`,
		left.length > 0 && `${names(left)} left`,
		lines > 0 && `${lines} ${lines === 1 ? "line" : "lines"} of activity`,
		things > 0 && `${things} ${things === 1 ? "thing" : "things"} more`,
		things < 0 && `${-things} ${things === -1 ? "thing" : "things"} fewer`,
	]
		.filter((part) => part !== false)
		.join(" · ");
}

/** @param missingSince Since when something is missing, where it is. */
export function describeAbsence(
	milliseconds: number,
	change: string,
	missingSince: string | undefined,
): string {
	const missing =
		missingSince && `what was said from ${missingSince} on is missing here`;
	const what = [change, missing].filter(Boolean).join(" · ");
	return `While you were away (${duration(milliseconds)}): ${what}`;
}

/** What to say to somebody who was looking on all the while. */
export function describeReturn(isResumed: boolean, since: string): string {
	return isResumed
		? `You are back. Nothing was missed since ${since}.`
		: `You are back. What was said since ${since} is missing here.`;
}

function namesOf({ roster }: Past): ReadonlySet<string> {
	return new Set(roster.map(({ agentId }) => agentId));
}

/** Names, as many as one reads at a glance. */
function names(all: readonly string[]): string {
	const [first = "", second = ""] = all.map((name) => readText(name, 40) ?? "");
	if (all.length === 1) return first;
	if (all.length === 2) return `${first} and ${second}`;
	return `${first}, ${second} and ${all.length - 2} more`;
}
