/** Messages as events of a stream [HTTP9]. */
import { payloadsOf } from "../../frame.ts";

/** One message, as an event that has no id yet. */
export interface EventText {
	/** With the empty line at its end. */
	readonly text: string;
	/** What the message says that it is. */
	readonly type: string;
}

/** An event that is no message. */
export function namedEvent(
	name: string,
	data: object,
	more: Readonly<Record<string, string | number>> = {},
): string {
	const fields = Object.entries({ event: name, ...more });
	const lines = fields.map(([field, value]) => `${field}: ${value}\n`);
	return `${lines.join("")}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * What whole frames are as events. All who listen get the same of a broadcast; but what newcomers
 * alone are sent may be large, and is made anew.
 */
export function eventTextsOf(frames: Uint8Array): readonly EventText[] {
	const before = made.get(frames);
	if (before) return before;
	const texts = [...payloadsOf(frames)].map(toEventText);
	if (frames.byteLength <= LARGE) made.set(frames, texts);
	return texts;
}

const made = new WeakMap<Uint8Array, readonly EventText[]>();
const LARGE = 64 * 1024;
const DECODER = new TextDecoder();

function toEventText(payload: Uint8Array): EventText {
	const json = DECODER.decode(payload);
	let type: string | undefined;
	return {
		text: `data: ${json.replace(LINE_END, "\ndata: ")}\n\n`,
		get type() {
			type ??= JSON.parse(json).type as string;
			return type;
		},
	};
}

/** In JSON that is white space; each line is a field of its own, and whoever reads joins them again. */
const LINE_END = /\r\n|\r|\n/g;
