/** What stands in the world and how its agents are, as far as an agent has been told. */
import type { MatrixMessage } from "../../client/messages.ts";
import { nameOf, textOf } from "./classify.ts";
import type { Thing } from "./read.ts";
import {
	type Body,
	type Place,
	readBody,
	readPlace,
	readThing,
} from "./read.ts";
import { IN_BATCH, MAX_BATCH } from "./scene-batch.ts";

export interface WorldView {
	/** By their ids, in the order in which they came. */
	readonly objects: ReadonlyMap<string, Thing>;
	readonly zones: ReadonlyMap<string, Thing>;
	/** The state, the task and the place of an agent, as it has told them. */
	bodyOf(agentId: string): Body;
	/** The name of the world that is shown. */
	readonly title: string | undefined;
	/** Objects and zones that there was no room for. */
	readonly unknown: number;
	apply(message: MatrixMessage): void;
	/** Nothing is known any more: what is retained comes next. */
	reset(): void;
}

/** As many as a gateway retains by default. */
const MAX_THINGS = 10_000;
const MAX_BODIES = 10_000;

export function createWorldView(): WorldView {
	const objects = new Map<string, Thing>();
	const zones = new Map<string, Thing>();
	const bodies = new Map<string, Body>();
	const worlds = new Map<string, string>();
	let loaded: string | undefined;
	let unknown = 0;

	function put(things: Map<string, Thing>, message: MatrixMessage): void {
		const id = idOf(message);
		if (!id) return;
		if (things.size >= MAX_THINGS && !things.has(id)) unknown++;
		else things.set(id, readThing(message));
	}

	function update(message: MatrixMessage): void {
		const there = objects.get(idOf(message));
		if (there) objects.set(idOf(message), { ...there, ...readThing(message) });
	}

	function setBody(message: MatrixMessage, body: Body): void {
		const name = nameOf(message);
		if (!name || (bodies.size >= MAX_BODIES && !bodies.has(name))) return;
		bodies.set(name, { ...bodies.get(name), ...body });
	}

	/** All of it is said each time: what is left out does not hold any more. */
	function setState(message: MatrixMessage): void {
		const { state: _, task: __, ...rest } = bodies.get(nameOf(message)) ?? {};
		bodies.delete(nameOf(message));
		setBody(message, { ...rest, ...readBody(message) });
	}

	function register(message: MatrixMessage): void {
		if (worlds.size < MAX_WORLDS)
			worlds.set(idOf(message), textOf(message.name).slice(0, 80));
	}

	function applyAll(messages: unknown): void {
		if (!Array.isArray(messages)) return;
		for (const each of messages.slice(0, MAX_BATCH))
			if (IN_BATCH.has(textOf(Object(each).type))) apply(each);
	}

	const appliers: Readonly<Record<string, (message: MatrixMessage) => void>> = {
		scene_add: (message) => put(objects, message),
		scene_update: update,
		scene_remove: (message) => objects.delete(idOf(message)),
		scene_clear: () => objects.clear(),
		scene_batch: ({ messages }) => applyAll(messages),
		zone_add: (message) => put(zones, message),
		zone_remove: (message) => zones.delete(idOf(message)),
		world_register: register,
		world_load(message) {
			loaded = idOf(message);
		},
		world_unregister: (message) => worlds.delete(idOf(message)),
		agent_state: setState,
		agent_behavior: (message) => setBody(message, readBody(message)),
		agent_move: (message) =>
			setBody(message, placed(readPlace(message.position))),
		agent_left: (message) => bodies.delete(nameOf(message)),
	};

	function apply(message: MatrixMessage): void {
		const { type } = message;
		if (Object.hasOwn(appliers, type)) appliers[type]?.(message);
	}

	return {
		objects,
		zones,
		bodyOf: (agentId) => bodies.get(agentId) ?? {},
		get title() {
			const [first] = worlds.values();
			return (loaded === undefined ? undefined : worlds.get(loaded)) ?? first;
		},
		get unknown() {
			return unknown;
		},
		apply,
		reset() {
			for (const each of [objects, zones, bodies, worlds]) each.clear();
			loaded = undefined;
			unknown = 0;
		},
	};
}

const MAX_WORLDS = 100;

function idOf({ id }: MatrixMessage): string {
	const text = textOf(id);
	return text.length <= 128 ? text : "";
}

function placed(position: Place | undefined): Body {
	return position ? { position } : {};
}
