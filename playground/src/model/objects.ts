import type { SceneAdd } from "vite-plugin-matrix-gateway/messages";
import { objectColor } from "./palette.ts";
import {
	isMessage,
	type Message,
	type Position,
	readColor,
	readId,
	readNumber,
	readPosition,
	readText,
} from "./values.ts";

export type Kind = NonNullable<SceneAdd["kind"]>;

/** A thing that an agent put into the world. It is replaced, never changed: a view compares by identity. */
export interface SceneObject {
	readonly id: string;
	/** A {@link Kind}, or another word, which stands as a neutral marker with that word on it. */
	readonly kind: string;
	/** The point it stands on. */
	readonly position: Position;
	readonly scale: Position;
	/** Radians about the vertical. */
	readonly rotation: number;
	readonly color: string;
	/** How much it shines by itself, 0 to 1. */
	readonly glow: number;
	readonly label: string;
	/** Of a glTF model; http(s) or relative to the page. */
	readonly url: string;
}

/** More objects than this are not added. */
export const MAX_OBJECTS = 5_000;
/** Of those that are there, so many are drawn, the first that were added: a tablet has to draw them all. */
export const MAX_OBJECTS_SHOWN = 1_000;
const KIND_LIMIT = 40;
/** Messages that are read of one `scene_batch`. */
const MAX_BATCH = 500;
const SMALLEST = 0.02;
const LARGEST = 20;

export interface Objects {
	readonly all: ReadonlyMap<string, SceneObject>;
	/** Applies a message about objects; returns whether it is one. */
	apply(message: Message): boolean;
	restart(): void;
}

export function createObjects(): Objects {
	const all = new Map<string, SceneObject>();
	return {
		all,
		apply(message) {
			const batch = messagesOf(message);
			for (const part of batch ?? [message]) change(all, part);
			return batch !== undefined || CHANGES.has(message.type);
		},
		restart: () => all.clear(),
	};
}

type Change = (all: Map<string, SceneObject>, message: Message) => void;

const CHANGES: ReadonlyMap<unknown, Change> = new Map<unknown, Change>([
	["scene_add", add],
	["scene_update", update],
	["scene_remove", remove],
	["scene_clear", (all) => all.clear()],
]);

function messagesOf({ type, messages }: Message): Message[] | undefined {
	if (type !== "scene_batch") return undefined;
	const parts = Array.isArray(messages) ? messages : [];
	return parts.slice(0, MAX_BATCH).filter(isMessage);
}

function change(all: Map<string, SceneObject>, message: Message) {
	CHANGES.get(message.type)?.(all, message);
}

function add(all: Map<string, SceneObject>, message: Message) {
	const id = readId(message.id);
	if (id === undefined) return;
	if (all.has(id) || all.size < MAX_OBJECTS)
		put(all, createObject(id), message);
	// Last again, as the gateway retains it: which are drawn is the same on a page that comes late.
	const object = all.get(id);
	if (!object) return;
	all.delete(id);
	all.set(id, object);
}

function update(all: Map<string, SceneObject>, message: Message) {
	const object = all.get(readId(message.id) ?? "");
	if (object) put(all, object, message);
}

function remove(all: Map<string, SceneObject>, message: Message) {
	all.delete(readId(message.id) ?? "");
}

// A scene that is sent again must not be built again: what has not changed stays the same object.
function put(
	all: Map<string, SceneObject>,
	base: SceneObject,
	message: Message,
) {
	const object = merge(base, message);
	const known = all.get(base.id);
	if (JSON.stringify(known) !== JSON.stringify(object))
		all.set(base.id, object);
}

function createObject(id: string): SceneObject {
	return {
		id,
		kind: "box",
		position: { x: 0, y: 0, z: 0 },
		scale: { x: 1, y: 1, z: 1 },
		rotation: 0,
		color: objectColor(id),
		glow: 0,
		label: "",
		url: "",
	};
}

function merge(object: SceneObject, message: Message): SceneObject {
	const { kind, position, scale, rotation, color, glow, label, url } = message;
	return {
		id: object.id,
		kind: readText(kind, KIND_LIMIT) ?? object.kind,
		position: readPosition(position) ?? object.position,
		scale: readScale(scale) ?? object.scale,
		rotation: readNumber(rotation, -100, 100) ?? object.rotation,
		color: readColor(color) ?? object.color,
		glow: readNumber(glow, 0, 1) ?? object.glow,
		label: label === "" ? "" : (readText(label, 40) ?? object.label),
		url: readUrl(url) ?? object.url,
	};
}

// One number for all three axes, or one for each.
function readScale(value: unknown): Position | undefined {
	const even = readNumber(value, SMALLEST, LARGEST);
	if (even !== undefined) return { x: even, y: even, z: even };
	if (!isMessage(value)) return undefined;
	const [x, y, z] = ["x", "y", "z"].map((axis) =>
		readNumber(value[axis], SMALLEST, LARGEST),
	);
	return { x: x ?? 1, y: y ?? 1, z: z ?? 1 };
}

// A `javascript:` or `data:` URL from a stranger is not followed.
function readUrl(value: unknown): string | undefined {
	if (typeof value !== "string" || value.length > 2048) return undefined;
	if (!URL.canParse(value, "http://page")) return undefined;
	const { protocol } = new URL(value, "http://page");
	return protocol === "http:" || protocol === "https:" ? value : undefined;
}
