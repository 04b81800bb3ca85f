/** A world that is made from files: a snapshot, and what was applied to it since. */
import type { Entry } from "../../core/world/command.ts";
import { SILENCE } from "../../core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../core/world/snapshot.ts";
import type {
	Codec,
	WorldOptions,
	WorldState,
} from "../../core/world/state.ts";
import { apply, createWorld } from "../../core/world/world.ts";

export interface Replay {
	/** The options under which what follows was applied. */
	setOptions(options: WorldOptions): void;
	/** False where a command of it cannot be applied: nothing after it can. */
	apply(entry: Entry): boolean;
	/** How many commands were applied. */
	readonly commands: number;
	/** The world as it is; undefined where there is none. */
	cut(): WorldSnapshot | undefined;
}

/** @param snapshot What it begins with; else with an empty world. */
export function createReplay(
	codec: Codec,
	snapshot: WorldSnapshot | undefined,
): Replay {
	let world: WorldState | undefined;
	let latest = snapshot;
	let commands = 0;

	function build(options: WorldOptions): WorldState {
		const built = createWorld({ options, codec, effects: SILENCE });
		if (latest) restoreSnapshot(built, latest);
		return built;
	}

	return {
		setOptions(options) {
			if (world && isSame(world.options, options)) return;
			if (world) latest = cutSnapshot(world);
			world = build(options);
		},
		apply({ node, commands: all }) {
			if (!world) return false;
			try {
				for (const command of all) {
					apply(world, command, node);
					commands++;
				}
				return true;
			} catch {
				// It has broken the gateway that wrote it, too [ERR3].
				return false;
			}
		},
		get commands() {
			return commands;
		},
		cut: () => (world ? cutSnapshot(world) : latest),
	};
}

function isSame(one: WorldOptions, other: WorldOptions): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}
