/** Where the past is read from. */

import { MATRIX_RETAIN_TABLE } from "../../../src/core/protocol/retain-table.ts";
import type { StateNow } from "../../../src/node/console/wire.ts";
import { ask } from "../api.ts";
import { textOf } from "../tap/batch.ts";
import { type Base, heardSoFar } from "../tap/tap.ts";
import { type Moment, momentOf, readMoment } from "./moment.ts";
import type { RetainTable } from "./timeline.ts";

export interface Past {
	readonly moments: readonly Moment[];
	readonly table: RetainTable;
	/** What is to be known of it. */
	readonly note: string;
}

/** Lines of a past that are shown at most: the latest. */
const MOST = 50_000;

/** What this page has heard since it looks. */
export function heardPast({ state, at, number }: Base): Past {
	const moments = heardSoFar()
		.filter((one) => one.number >= number && SAID.has(one.kind))
		.map((one) =>
			momentOf(textOf(one), one.at, {
				from: one.from[0],
				to: one.kind === "directed" ? one.to[0] : undefined,
			}),
		);
	return {
		moments: [beginning(state, Math.min(at, moments[0]?.at ?? at)), ...moments],
		table: new Map(state.retainTable),
		note: "What this page has heard since it was opened.",
	};
}

const SAID: ReadonlySet<string> = new Set([
	"broadcast",
	"directed",
	"presence",
]);

function beginning(
	{ agents, retained }: Pick<StateNow, "agents" | "retained">,
	at: number | undefined,
): Moment {
	return { at, what: "here", agents, retained };
}

/** What the gateway has: its folder's files, or the broadcasts that its log keeps for those who may come back. */
export async function keptPast(world: string): Promise<Past> {
	const [past, state] = await Promise.all([
		ask("past", { world }).then((response) => response.text()),
		ask("state", { world }).then((response) => response.json()),
	]);
	const { retainTable }: StateNow = state;
	const table: RetainTable = new Map(retainTable);
	const lines = past.split("\n").filter(Boolean);
	const [first = ""] = lines;
	if (!first.startsWith('{"what":"log"')) return { ...latest(lines), table };
	const texts = lines.slice(1).map((line) => JSON.parse(line).text as string);
	return {
		moments: backwards(JSON.parse(first), texts),
		table,
		note:
			texts.length > 0
				? `The last ${texts.length} broadcasts, which the gateway keeps in memory for sessions; it keeps no times.`
				: "The gateway keeps no broadcasts now: it does so while some agent has a session. With a data folder (--data) it has its past.",
	};
}

/** A recording of `matrix-gateway record`, or of `data … --jsonl`. */
export async function filePast(file: File, table: RetainTable): Promise<Past> {
	const lines = (await file.text()).split("\n").filter(Boolean);
	const read = latest(lines);
	const isTable = table.size > 0;
	return {
		...read,
		note: `${file.name}: ${read.note}`,
		table: isTable ? table : new Map(Object.entries(MATRIX_RETAIN_TABLE)),
	};
}

function latest(lines: readonly string[]): Omit<Past, "table"> {
	const moments = lines
		.map(readMoment)
		.filter((moment): moment is Moment => moment !== undefined);
	const bad = lines.length - moments.length;
	const cut = moments.length - MOST;
	// What came before a cut is not known: it begins where it says who is there, if it does so again.
	const kept = cut > 0 ? moments.slice(cut) : moments;
	const notes = [
		`${kept.length} moments`,
		cut > 0 ? `the first ${cut} are left out` : "",
		bad > 0 ? `${bad} lines are none of a recording` : "",
	];
	return { moments: kept, note: `${notes.filter(Boolean).join(", ")}.` };
}

/** The world before the first of the broadcasts follows from that of now; what they have replaced is not known. */
function backwards(now: StateNow, texts: readonly string[]): Moment[] {
	const moments = texts.map((text) => momentOf(text, undefined, {}));
	const agents = new Map(now.agents.map((one) => [one.agentId, one]));
	for (const moment of moments.toReversed()) {
		if (moment.what === "joined") agents.delete(moment.agentId);
		if (moment.what === "left") agents.set(moment.agentId, moment);
	}
	const said = new Set(texts);
	const retained = now.retained.filter(({ text }) => !said.has(text));
	return [
		beginning({ agents: [...agents.values()], retained }, undefined),
		...moments,
	];
}
