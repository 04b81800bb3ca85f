/** `GET /__matrix/api/past`: what is still known of what has happened in a world, a line of JSON each [OPS4]. */
import { setImmediate as turn } from "node:timers/promises";
import type { Inspection } from "../../core/edge/inspect.ts";
import type { RecordedLine } from "../../recording/line.ts";
import { decodeText, textOf } from "../codec.ts";
import { readPast } from "../data/past.ts";
import { payloadsOf } from "../frame.ts";
import { refuse } from "../http/answers.ts";
import type { Asked } from "../http/endpoint.ts";
import { findWorld } from "../http/world.ts";
import type { ConsoleSettings } from "./options.ts";
import type { StateNow } from "./wire.ts";

/** Milliseconds of one turn; between two of them all others have theirs. */
const SLICE = 4;

/** `GET /__matrix/api/state`: who is there and what is retained, to go on from with what the tap tells. */
export function answerState(asked: Asked): object {
	const found = findWorld(asked);
	if ("answer" in found) return found.answer;
	const refusal = refuseLimited(asked);
	if (refusal) return refusal;
	asked.event.res.headers.set("cache-control", "no-store");
	return stateOf(found.gateway.inspect());
}

export function answerPast(
	asked: Asked,
	{ dataOf }: ConsoleSettings,
): object | string {
	const { event, grant } = asked;
	const found = findWorld(asked);
	if ("answer" in found) return found.answer;
	const refusal = refuseLimited(asked);
	if (refusal) return refusal;
	const folder = dataOf?.(found.name);
	if (folder !== undefined && grant.overhear !== true)
		return refuse(event, 403, NOT_OVERHEARD, "forbidden");
	const { headers } = event.res;
	headers.set("content-type", "application/x-ndjson");
	headers.set("cache-control", "no-store, no-transform");
	return folder === undefined
		? [...keptLines(found.gateway.inspect())].map(toLine).join("")
		: streamOf(readPast(folder));
}

/** What is kept is of all types. */
function refuseLimited({ event, grant }: Asked): object | undefined {
	if (!grant.subscribe) return undefined;
	return refuse(event, 403, LIMITED, "forbidden");
}

const LIMITED = "the grant lets certain types be read alone (`subscribe`)";

const NOT_OVERHEARD =
	'what is kept of the past holds what was said to one agent alone: that is for a grant that says "overhear": true';

/** What a world has now, and the broadcasts before it that its log has yet. They bear no time. */
function* keptLines(inspection: Inspection) {
	yield { what: "log", ...stateOf(inspection) };
	for (const frames of inspection.kept)
		for (const payload of payloadsOf(frames))
			yield { what: "message", text: decodeText(payload) };
}

function stateOf({ connections, retained, retainTable }: Inspection): StateNow {
	return {
		agents: connections.flatMap(({ agents }) => agents),
		retained: retained.map(({ key, agentId, frame }) => ({
			...{ key, agentId },
			text: textOf(frame),
		})),
		retainTable: [...retainTable],
	};
}

/** The files are read as the lines are asked for, in turns. */
function streamOf(
	lines: Generator<RecordedLine, void>,
): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				for (;;) {
					await turn();
					const { text, isOver } = slice(lines);
					if (text) controller.enqueue(Buffer.from(text));
					if (isOver) controller.close();
					if (text || isOver) return;
				}
			},
			cancel: () => void lines.return(),
		},
		{ highWaterMark: 0 },
	);
}

function slice(lines: Generator<RecordedLine, void>) {
	const end = performance.now() + SLICE;
	let text = "";
	while (performance.now() < end) {
		const next = nextOf(lines);
		if (!next) return { text, isOver: true };
		text += toLine(next);
	}
	return { text, isOver: false };
}

/** A folder that is in use may lose a file while it is read: what was read is told, and that it ends there. */
function nextOf(
	lines: Generator<RecordedLine, void>,
): RecordedLine | { readonly what: "broken" } | undefined {
	try {
		return lines.next().value ?? undefined;
	} catch {
		return { what: "broken" };
	}
}

function toLine(line: object): string {
	return `${JSON.stringify(line)}\n`;
}
