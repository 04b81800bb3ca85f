/** What a message says, on one line: without what stands in the columns beside it. */
import { type Heard, textOf } from "./batch.ts";

/** Longer ones are shown as they begin: to read them costs more than a line is worth. */
const MOST = 4_096;

const TOLD: ReadonlySet<string> = new Set([
	...["type", "agentId", "agent_id", "target_id", "event", "connectionId"],
]);

export function previewOf(heard: Heard): string {
	return heard.size > MOST
		? textOf({ payload: heard.payload.subarray(0, 400) })
		: previewOfText(textOf(heard));
}

export function previewOfText(text: string): string {
	if (text.length > MOST) return text.slice(0, 400);
	try {
		const told = Object.entries(JSON.parse(text)).filter(
			([name]) => !TOLD.has(name),
		);
		return told
			.map(([name, value]) => `${name}: ${toShort(value)}`)
			.join("   ");
	} catch {
		return text;
	}
}

function toShort(value: unknown): string {
	return typeof value === "string" ? value : JSON.stringify(value);
}
