/**
 * This node's connections by what they are sent of what is broadcast [SUB1, GRANT1]. A message is
 * matched once for each filter, never for a connection; where there is no filter nothing is asked.
 */
import type { Interest } from "../protocol/message-types.ts";
import {
	type Audience,
	createAudience,
	type FilteredAudience,
} from "../world/audience.ts";
import { hasRoomFor } from "../world/audiences.ts";
import { createFilter, type Filter } from "../world/filter.ts";
import type { Agent } from "../world/peer.ts";
import { createSelection } from "../world/selection.ts";
import type { WorldState } from "../world/state.ts";
import type { Connection } from "./connection.ts";
import type { Group } from "./group.ts";

export interface Groups {
	/** Those who are sent all. */
	readonly everyone: Group;
	/** The group of a connection that has just come. */
	enter(filter: Filter | undefined): Group;
	/** Puts a connection into the group that its peer, or its grant and what its client asks for, calls for. */
	watch(connection: Connection): void;
	/** It is over. */
	leave(connection: Connection): void;
	/**
	 * A message has its place, and goes out next. Returns the groups that are sent it, besides those
	 * who are sent all.
	 */
	place(
		messageType: string | undefined,
		from: readonly Agent[],
	): readonly Group[];
	/** What a viewer is sent of what it asks for: all, where there are too many filters [SUB4]. */
	roomFor(connection: Connection, interest: Interest): Interest | undefined;
}

interface FilteredGroup extends Group {
	readonly filter: Filter;
	readonly audience: FilteredAudience;
	/** Connections in it. */
	count: number;
}

export interface GroupParts {
	readonly world: () => WorldState;
	/** Has a connection sent what a group is sent from here on. */
	move(connection: Connection, group: Group): void;
}

export function createGroups({ world, move }: GroupParts): Groups {
	const everyone = new EveryonesGroup(world);
	const byName = new Map<string, FilteredGroup>();
	const selection = createSelection<FilteredGroup>();

	function enter(filter: Filter | undefined): Group {
		if (!filter) return everyone;
		const group = byName.get(filter.name) ?? add(filter);
		group.count++;
		return group;
	}

	function add(filter: Filter): FilteredGroup {
		const audience = createAudience(filter, world().log);
		const group = { audience, filter, count: 0 };
		byName.set(filter.name, group);
		selection.add(group);
		return group;
	}

	function leave({ audience }: Group): void {
		const name = audience.filter?.name;
		const group = name === undefined ? undefined : byName.get(name);
		if (!group || --group.count > 0) return;
		byName.delete(group.filter.name);
		selection.remove(group);
	}

	/** By the world's word for its peers, by which it counts what they are sent [RES2]. */
	function filterOf(connection: Connection): Filter | undefined {
		const { id, grant, interest } = connection;
		const peer = world().peers.get(id);
		if (!peer) return createFilter(grant.subscribe, interest);
		const { filter } = peer.audience;
		connection.interest = filter?.interest;
		// A session has brought it.
		connection.asked ??= connection.interest;
		return filter;
	}

	return {
		everyone,
		enter,
		watch(connection) {
			const before = connection.group;
			const filter = filterOf(connection);
			if (filter?.name === before.audience.filter?.name) return;
			move(connection, enter(filter));
			leave(before);
		},
		leave: ({ group }) => leave(group),
		place(messageType, from) {
			if (byName.size === 0) return NONE;
			const groups = selection.of(messageType, from);
			const place = world().log.position - 1;
			for (const { audience } of groups) audience.append(place);
			return groups;
		},
		roomFor({ grant }, interest) {
			const filter = createFilter(grant.subscribe, interest);
			return hasRoomFor(filter, byName) ? filter?.interest : undefined;
		},
	};
}

/** Made before the world is. */
class EveryonesGroup implements Group {
	readonly #world: () => WorldState;

	constructor(world: () => WorldState) {
		this.#world = world;
	}

	get audience(): Audience {
		return this.#world().audiences.everyone;
	}
}

const NONE: readonly Group[] = [];
