/** What a recording has: one line of JSON a message, or else that happened. */
import type { AgentInfo } from "../client/index.ts";
import { parseMessage } from "../client/messages.ts";
import { isAgent } from "../client/read-message.ts";

/** One line. `at` is when, in ISO 8601 and UTC. */
export type RecordedLine = { readonly at: string } & Happening;

/** What a line tells. */
export type Happening =
	| {
			/** Who is there, as the recording begins or goes on. */
			readonly what: "here";
			readonly agents: readonly AgentInfo[];
	  }
	| (Said & {
			/** A message that was retained before, as the recording begins or goes on. */
			readonly what: "retained";
	  })
	| (Said & { readonly what: "message" })
	| (AgentInfo & { readonly what: "joined" })
	| (AgentInfo & { readonly what: "left"; readonly reason: string })
	| {
			/** From here to the next `here` nothing was heard. */
			readonly what: "missed";
			readonly reason: string;
	  };

interface Said {
	/** The agent that said it, as far as may be seen. */
	readonly from?: string | undefined;
	/** The agent that it was for; absent of what was for all. */
	readonly to?: string | undefined;
	/** As it was sent. */
	readonly text: string;
}

/** A line without its end. No character in it ends a line for any reader. */
export function writeLine(line: RecordedLine): string {
	return JSON.stringify(line).replace(LINE_ENDS, (end) =>
		end === "\u2028" ? "\\u2028" : "\\u2029",
	);
}

const LINE_ENDS = /[\u2028\u2029]/g;

/** Reads a line; a text says what is wrong with it. */
export function readLine(text: string): RecordedLine | string {
	let line: unknown;
	try {
		line = JSON.parse(text);
	} catch {
		return "it is no JSON";
	}
	const { at, what } = Object(line);
	if (typeof at !== "string" || Number.isNaN(Date.parse(at)))
		return "it has no time `at`";
	return FORMS.get(what)?.(Object(line))
		? (line as RecordedLine)
		: "it is no line of a recording";
}

type Fields = Readonly<Record<string, unknown>>;

const FORMS: ReadonlyMap<unknown, (line: Fields) => boolean> = new Map([
	["here", ({ agents }) => Array.isArray(agents) && agents.every(isAgent)],
	["retained", isSaid],
	["message", isSaid],
	["joined", isAgent],
	["left", (line) => isAgent(line) && typeof line.reason === "string"],
	["missed", ({ reason }) => typeof reason === "string"],
] as [string, (line: Fields) => boolean][]);

function isSaid({ from, to, text }: Fields): boolean {
	const names = [from, to].filter((name) => name !== undefined);
	return (
		names.every((name) => typeof name === "string") &&
		parseMessage(text) !== undefined
	);
}
