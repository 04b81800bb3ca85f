/** The audiences of a world: one for each filter that somebody has. */
import {
	type Audience,
	type AudienceSnapshot,
	createAudience,
	createEveryone,
	type FilteredAudience,
} from "./audience.ts";
import type { BroadcastLog } from "./broadcast-log.ts";
import { createFilter, type Filter } from "./filter.ts";
import type { Agent } from "./peer.ts";
import { createSelection } from "./selection.ts";

export interface Audiences {
	/** Those who are sent all. */
	readonly everyone: Audience;
	/** The audience of a filter. Whoever keeps it holds it. */
	of(filter: Filter | undefined): Audience;
	/** Whether there is one of a filter, or room for one more that a client asks for [SUB4]. */
	hasRoomFor(filter: Filter | undefined): boolean;
	/** A broadcast has that place in the log. */
	append(
		place: number,
		messageType: string | undefined,
		from: readonly Agent[],
	): void;
	/** All that somebody holds, with what of them is from a place in the log on. */
	cut(from: number): NamedAudience[];
	/** Puts these in, in place of all that are in. None is held yet. */
	restore(snapshot: readonly NamedAudience[]): void;
	/** The audience of that name. */
	named(name: string | undefined): Audience;
}

/** What a snapshot has of an audience. */
export interface NamedAudience
	extends AudienceSnapshot,
		Pick<Filter, "allowed" | "interest"> {}

/**
 * Filters that there may be at once because clients ask for them. A broadcast costs something for each
 * that it passes, and each keeps a bit for each broadcast in the log.
 */
export const MAX_FILTERS = 1_000;

export function createAudiences(log: BroadcastLog): Audiences {
	const everyone = createEveryone(log);
	let byName = new Map<string, FilteredAudience>();
	let selection = createSelection<FilteredAudience>();

	function remove(audience: FilteredAudience): void {
		const { name } = audience.filter;
		// One of the same name may have been restored since.
		if (byName.get(name) !== audience) return;
		byName.delete(name);
		selection.remove(audience);
	}

	function add(filter: Filter): FilteredAudience {
		const audience = createAudience(filter, log, remove);
		byName.set(filter.name, audience);
		selection.add(audience);
		return audience;
	}

	return {
		everyone,
		of: (filter) =>
			filter ? (byName.get(filter.name) ?? add(filter)) : everyone,
		hasRoomFor: (filter) => hasRoomFor(filter, byName),
		append(place, messageType, from) {
			if (byName.size === 0) return;
			for (const audience of selection.of(messageType, from))
				audience.append(place);
		},
		cut: (from) =>
			[...byName.values()].map((audience) => {
				const { allowed, interest } = audience.filter;
				return { allowed, interest, ...audience.cut(from) };
			}),
		restore(snapshot) {
			byName = new Map();
			selection = createSelection();
			for (const { allowed, interest, ...rest } of snapshot) {
				const filter = createFilter(allowed, interest);
				if (filter) add(filter).restore(rest);
			}
		},
		named: (name) =>
			name === undefined ? everyone : (byName.get(name) as Audience),
	};
}

/** Whether a filter is among these, or may be one more [SUB4]. */
export function hasRoomFor(
	filter: Filter | undefined,
	byName: ReadonlyMap<string, unknown>,
): boolean {
	return !filter || byName.has(filter.name) || byName.size < MAX_FILTERS;
}
