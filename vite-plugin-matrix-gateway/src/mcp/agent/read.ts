/** Reads the fields of what other clients say of the world, and trusts none of them. */
import type { MatrixMessage } from "../../client/messages.ts";

/** A point; `y` is up, and left out where it is 0. */
export interface Place {
	readonly x: number;
	readonly y?: number;
	readonly z: number;
}

/** An object, or a zone. */
export interface Thing {
	readonly kind?: string;
	readonly position?: Place;
	readonly scale?: number | Place;
	readonly rotation?: number;
	readonly radius?: number;
	readonly color?: string;
	readonly glow?: number;
	readonly label?: string;
	readonly url?: string;
}

/** How an agent is. */
export interface Body {
	readonly position?: Place;
	readonly state?: string;
	readonly task?: string;
	readonly behavior?: string;
}

/** Those fields that are there and are what they have to be. */
export function readThing(message: MatrixMessage): Thing {
	const { scale } = message;
	return present({
		kind: text(message.kind, 20),
		position: readPlace(message.position),
		scale: number(scale) ?? readPlace(scale),
		rotation: number(message.rotation),
		radius: number(message.radius),
		color: text(message.color, 40),
		glow: number(message.glow),
		label: text(message.label, 80),
		url: text(message.url, 500),
	});
}

export function readPlace(value: unknown): Place | undefined {
	const { x, y, z } = Object(value);
	const place = { x: number(x), y: number(y) || undefined, z: number(z) };
	if (place.x === undefined || place.z === undefined) return undefined;
	return present(place) as Place;
}

export function readBody(message: MatrixMessage): Body {
	const { type } = message;
	if (type === "agent_behavior")
		return present({ behavior: text(message.behavior, 40) });
	return present({
		state: text(message.state, 40),
		task: text(message.current_task, 120),
	});
}

function text(value: unknown, most: number): string | undefined {
	if (typeof value !== "string" || value === "") return undefined;
	return value.slice(0, most);
}

/** To a hundredth: an LLM pays for each digit. */
function number(value: unknown): number | undefined {
	if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
	return Math.round(value * 100) / 100;
}

function present<Fields extends object>(fields: Fields): Present<Fields> {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined),
	) as Present<Fields>;
}

type Present<Fields> = {
	[Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
};
