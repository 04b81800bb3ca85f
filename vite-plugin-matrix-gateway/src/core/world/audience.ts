/**
 * All who are sent the same of what is broadcast. Its broadcasts have places of their own, one after
 * the other, so that what a session counts costs nothing a message, whatever is left out of it.
 */
import type { BroadcastLog } from "./broadcast-log.ts";
import type { Filter } from "./filter.ts";
import { createPlaceIndex, type PlaceIndexSnapshot } from "./place-index.ts";

export interface Audience {
	/** Undefined for those who are sent all. */
	readonly filter: Filter | undefined;
	/** How many broadcasts were for it so far, and so the place of the next one. */
	readonly position: number;
	/** Its broadcasts between two places; undefined where the log had to let go of one [LOG2]. */
	slice(from: number, to: number): readonly Uint8Array[] | undefined;
	/** The place in the log of what is at one of its own, or of the oldest that is kept. */
	placeInLog(at: number): number;
	/** Keeps it, until as many releases came as holds. */
	hold(): void;
	release(): void;
}

/** That of a filter. */
export interface FilteredAudience extends Audience {
	readonly filter: Filter;
	/** A broadcast that is for it has that place in the log. */
	append(place: number): void;
	/** What is known of it from a place in the log on. */
	cut(from: number): AudienceSnapshot;
	restore(snapshot: AudienceSnapshot): void;
}

export interface AudienceSnapshot extends PlaceIndexSnapshot {
	readonly position: number;
}

/** @param unused Called when it is released for the last time. */
export function createAudience(
	filter: Filter,
	log: BroadcastLog,
	unused: (audience: FilteredAudience) => void = () => {},
): FilteredAudience {
	const index = createPlaceIndex();
	let holds = 0;

	const audience = {
		filter,
		position: 0,
		slice(from: number, to: number) {
			if (from >= to) return NOTHING;
			const places = index.last(audience.position - from)?.slice(0, to - from);
			const first = places?.[0];
			if (!places || first === undefined) return undefined;
			const kept = log.since(first);
			return kept && places.map((place) => kept[place - first] as Uint8Array);
		},
		placeInLog(at: number) {
			if (at >= audience.position) return log.position;
			const [place = log.first()] = index.last(audience.position - at) ?? [];
			return Math.max(place, log.first());
		},
		hold() {
			holds++;
		},
		release() {
			if (--holds === 0) unused(audience);
		},
		append(place: number) {
			index.add(place, log.first());
			audience.position++;
		},
		cut: (from: number) => ({
			position: audience.position,
			...index.cut(from),
		}),
		restore(snapshot: AudienceSnapshot) {
			audience.position = snapshot.position;
			index.restore(snapshot);
		},
	};
	return audience;
}

/** Those who are sent all: its places are those of the log. */
export function createEveryone(log: BroadcastLog): Audience {
	return new Everyone(log);
}

class Everyone implements Audience {
	readonly filter = undefined;
	readonly #log: BroadcastLog;

	constructor(log: BroadcastLog) {
		this.#log = log;
	}

	get position(): number {
		return this.#log.position;
	}

	slice(from: number, to: number): readonly Uint8Array[] | undefined {
		return from >= to ? NOTHING : this.#log.since(from)?.slice(0, to - from);
	}

	placeInLog(at: number): number {
		return at;
	}

	hold(): void {}
	release(): void {}
}

const NOTHING: readonly Uint8Array[] = [];
