import { Color } from "three";

/** A message as it comes off the wire: an object of which nothing is known yet. */
export interface Message {
	readonly type?: unknown;
	readonly id?: unknown;
	readonly name?: unknown;
	readonly text?: unknown;
	readonly [key: string]: unknown;
}

/** A point of the world in metres; `y` is up. */
export interface Position {
	readonly x: number;
	readonly y: number;
	readonly z: number;
}

/** How far from the middle anything may stand, in metres. */
export const WORLD_RADIUS = 24;

/** How high above the ground anything may stand, in metres. */
const WORLD_HEIGHT = 24;

// What a text may not hold: control and format characters, which can hide or reverse what follows.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

export function isMessage(value: unknown): value is Message {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text on one line, clipped to `limit` characters; nothing where there is none. */
export function readText(value: unknown, limit: number): string | undefined {
	if (typeof value !== "string") return undefined;
	// Clipped before it is cleaned, so that a huge text costs no more than a long one.
	const text = value
		.slice(0, limit * 2)
		.replace(INVISIBLE, " ")
		.trim();
	if (text === "") return undefined;
	return text.length > limit ? `${clip(text, limit - 1)}…` : text;
}

/** A finite number within the bounds; a numeral in a string is not a number. */
export function readNumber(
	value: unknown,
	least: number,
	most: number,
): number | undefined {
	if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
	return Math.min(most, Math.max(least, value));
}

/** `{x, y, z}` with `y` 0 where it is left out; nothing where `x` or `z` is no number. */
export function readPosition(value: unknown): Position | undefined {
	if (!isMessage(value)) return undefined;
	const { x, y, z } = value;
	const [east, south] = [readCoordinate(x), readCoordinate(z)];
	if (east === undefined || south === undefined) return undefined;
	return { x: east, y: readNumber(y, 0, WORLD_HEIGHT) ?? 0, z: south };
}

/** A CSS colour, `#rgb`, `#rrggbb` or a name, as `#rrggbb`. */
export function readColor(value: unknown): string | undefined {
	if (typeof value !== "string") return undefined;
	const known =
		/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(value) ||
		Object.hasOwn(Color.NAMES, value.toLowerCase());
	return known ? `#${new Color(value).getHexString()}` : undefined;
}

/** The id of an object, a zone or a world. */
export function readId(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" && value.length <= 128
		? value
		: undefined;
}

/** Whose message it is; both spellings of the key are read. */
export function readAgentId(message: Message): string | undefined {
	const { agentId, agent_id } = message;
	return readId(agentId) ?? readId(agent_id);
}

/** One of the listed words. */
export function readWord<const W extends string>(
	value: unknown,
	words: readonly W[],
): W | undefined {
	return words.find((word) => word === value);
}

function readCoordinate(value: unknown): number | undefined {
	return readNumber(value, -WORLD_RADIUS, WORLD_RADIUS);
}

// A cut through a surrogate pair would leave half a character behind.
function clip(text: string, length: number): string {
	return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
