/** What an agent knows of the world: only what it has heard. */
import type {
	Clock,
	MatrixClient,
	MatrixMessage,
} from "vite-plugin-matrix-gateway/client";
import type { Place } from "./places.ts";
import { quotable } from "./words.ts";

/** Something that stands in the world: all the objects whose ids begin alike, as a tree's do. */
export interface Thing {
	/** The first two parts of its objects' ids, as in `timmy/oak-3`. */
	readonly id: string;
	/** As one may call it: by its label, its plant's name, or by its id. */
	readonly name: string;
	/** Whose it is, as ids tell; undefined where they do not. */
	readonly owner: string | undefined;
	readonly place: Place;
	/** Since when it is known to stand, in milliseconds of the clock. */
	readonly since: number;
	/** What Timmy tells of his plants. */
	readonly plant: PlantNote | undefined;
	/** The colour in which it shines, if it does. */
	readonly light: string | undefined;
	/** The ids of its objects. */
	readonly objects: ReadonlySet<string>;
}

/** A field of a plant's first object. Worlds add fields of their own, and others pass them on. */
export interface PlantNote {
	readonly species: string;
	/** Its own name, as Edith. */
	readonly name: string;
	readonly site: string;
	readonly growth: number;
	/** Milliseconds since 1970. */
	readonly planted: number;
}

export interface Surroundings {
	readonly things: ReadonlyMap<string, Thing>;
	/** Where other agents stand or go. */
	readonly places: ReadonlyMap<string, Place>;
	/** What a visitor said last, and when. */
	readonly visitor: { readonly text: string; readonly at: number } | undefined;
	/** Takes what this agent has sent itself, which it is not sent back. */
	apply(message: MatrixMessage): void;
	stop(): void;
}

/** Things past this many are not looked at. */
const MOST_THINGS = 500;

export function createSurroundings(
	client: MatrixClient,
	clock: Clock,
): Surroundings {
	const things = new Map<string, Thing & { objects: Set<string> }>();
	const places = new Map<string, Place>();
	let visitor: Surroundings["visitor"];

	function add(message: MatrixMessage) {
		if (typeof message.id !== "string") return;
		const id = thingOf(message.id);
		const known = things.get(id);
		if (!known && things.size >= MOST_THINGS) return;
		const plant = readPlant(message.plant) ?? known?.plant;
		const place = readPlace(message.position);
		const [owner, rest] = id.split("/");
		const label =
			typeof message.label === "string" ? quotable(message.label, 32) : "";
		things.set(id, {
			id,
			plant,
			light: readLight(message) ?? known?.light,
			owner: rest === undefined ? undefined : quotable(owner ?? "", 24),
			name: plant?.species ?? (label || known?.name || nameOf(rest ?? id)),
			// Of several objects the first, which is what stands on the ground.
			place: known?.place ?? place ?? { x: 0, z: 0 },
			since: known?.since ?? clock.now(),
			objects: (known?.objects ?? new Set()).add(message.id),
		});
	}

	function remove(message: MatrixMessage) {
		if (typeof message.id !== "string") return;
		const thing = things.get(thingOf(message.id));
		thing?.objects.delete(message.id);
		if (thing?.objects.size === 0) things.delete(thing.id);
	}

	function apply(message: MatrixMessage) {
		const { type } = message;
		if (type === "scene_add") add(message);
		else if (type === "scene_remove") remove(message);
		else if (type === "scene_clear") things.clear();
		else if (type === "scene_batch" && Array.isArray(message.messages))
			// A batch in a batch is none.
			for (const part of message.messages)
				if (part?.type !== "scene_batch") apply(part);
	}

	const stops = [
		...["scene_add", "scene_remove", "scene_clear", "scene_batch"].map((type) =>
			client.on(type, apply),
		),
		client.on("agent_move", ({ agentId, position }) => {
			const place = readPlace(position);
			if (agentId !== undefined && place) places.set(agentId, place);
		}),
		client.on("visitor_message", ({ text }) => {
			visitor = { text: quotable(text, 40), at: clock.now() };
		}),
		client.onAgents((agents) => {
			for (const agentId of places.keys())
				if (!agents.has(agentId)) places.delete(agentId);
		}),
		client.onState((state) => {
			// A new start: what stands there now is about to be told.
			if (state.status === "online" && state.resumed === false) things.clear();
		}),
	];

	return {
		things,
		places,
		get visitor() {
			return visitor;
		},
		apply,
		stop() {
			for (const stop of stops) stop();
		},
	};
}

function thingOf(id: string): string {
	return id.split("/").slice(0, 2).join("/");
}

/** "tree-12" is a tree, "big_red_box" a big red box. */
function nameOf(id: string): string {
	const words = id.replace(/[-_.]+/g, " ").replace(/ ?\d+$/, "");
	return quotable(words || id, 32);
}

function readPlace(position: unknown): Place | undefined {
	const { x, z } = Object(position);
	return Number.isFinite(x) && Number.isFinite(z) ? { x, z } : undefined;
}

function readLight({ glow, color }: MatrixMessage): string | undefined {
	return Number(glow) > 0 && typeof color === "string" ? color : undefined;
}

function readPlant(note: unknown): PlantNote | undefined {
	const { species, name, site, growth, planted } = Object(note);
	if (![species, name, site].every((text) => typeof text === "string"))
		return undefined;
	if (!Number.isFinite(growth) || !Number.isFinite(planted)) return undefined;
	return {
		site,
		growth,
		planted,
		species: quotable(species, 24),
		name: quotable(name, 24),
	};
}
