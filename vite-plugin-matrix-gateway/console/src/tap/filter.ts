/** Which of what was heard is shown. */
import type { Kind } from "../../../src/node/console/wire.ts";
import { type Heard, textOf } from "./batch.ts";

export interface Filter {
	/** Undefined: all. */
	readonly kind: Kind | undefined;
	/** A type, or several with commas between; a `*` at the end stands for anything. */
	readonly type: string;
	/** Part of the name of who speaks or is spoken to. */
	readonly agent: string;
	/** Part of what was said. */
	readonly text: string;
}

export const EVERYTHING: Filter = {
	kind: undefined,
	type: "",
	agent: "",
	text: "",
};

export function passing(filter: Filter): (heard: Heard) => boolean {
	const types = filter.type
		.split(/[,\s]+/)
		.filter(Boolean)
		.map(toPattern);
	const agent = filter.agent.trim().toLowerCase();
	const text = filter.text.trim().toLowerCase();
	const isNamed = (name: string) => name.toLowerCase().includes(agent);
	return (heard) =>
		(filter.kind === undefined || heard.kind === filter.kind) &&
		(types.length === 0 || types.some((fits) => fits(heard.type))) &&
		(agent === "" || heard.from.some(isNamed) || heard.to.some(isNamed)) &&
		(text === "" || textOf(heard).toLowerCase().includes(text));
}

function toPattern(given: string): (type: string) => boolean {
	if (!given.endsWith("*")) return (type) => type === given;
	const start = given.slice(0, -1);
	return (type) => type.startsWith(start);
}
