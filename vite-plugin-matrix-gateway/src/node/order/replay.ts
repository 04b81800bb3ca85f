/** A world that is made from files: a snapshot, and what was applied to it since. */
import type { OrderNode } from "../../core/order/order.ts";
import type { Entry } from "../../core/world/command.ts";
import {
	differingOption,
	type WorldOptions,
} from "../../core/world/options.ts";
import { SILENCE } from "../../core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../core/world/snapshot.ts";
import type { Codec } from "../../core/world/state.ts";
import { apply, createWorld } from "../../core/world/world.ts";

/** Where commands are applied. */
type Target = Pick<OrderNode, "applyCommand" | "snapshot" | "restore">;

/** A node that is to have the world, and the options of its own. */
export interface Heir {
	readonly node: OrderNode;
	readonly options: WorldOptions;
}

export interface Replay {
	/** The options under which what follows was applied. */
	setOptions(options: WorldOptions): void;
	/** False where a command of it cannot be applied: nothing after it can. */
	apply(entry: Entry): boolean;
	/** How many commands were applied. */
	readonly commands: number;
	/** The world as it is; undefined where there is none. */
	cut(): WorldSnapshot | undefined;
	/** Whether it is the heir's already. */
	readonly isInherited: boolean;
}

/**
 * @param snapshot What it begins with; else with an empty world.
 * @param heir Where commands are applied that were applied under the same options. Others mean what
 *   they meant in a world with their options, and no other.
 */
export function createReplay(
	codec: Codec,
	snapshot: WorldSnapshot | undefined,
	heir: Heir | undefined,
): Replay {
	// There is none before the first entry: most folders are of a process that has ended well.
	let target: Target | undefined;
	let latest = snapshot;
	let options: WorldOptions | undefined;
	let commands = 0;

	function enter(given: WorldOptions): Target {
		const isHeirs = heir !== undefined && isSame(heir.options, given);
		const entered = isHeirs ? heir.node : createTarget(codec, given);
		if (latest) entered.restore({ ...latest, options: given });
		return entered;
	}

	return {
		setOptions(next) {
			if (target && options && !isSame(options, next)) {
				latest = target.snapshot();
				target = undefined;
			}
			options = next;
		},
		apply({ node, commands: all }) {
			if (!options) return false;
			target ??= enter(options);
			const applyCommand = target.applyCommand;
			try {
				if (!all.every((command) => applyCommand(command, node))) return false;
			} catch {
				// It has broken the gateway that wrote it, too [ERR3].
				return false;
			}
			commands += all.length;
			return true;
		},
		get commands() {
			return commands;
		},
		cut: () => target?.snapshot() ?? latest,
		get isInherited() {
			return target !== undefined && target === heir?.node;
		},
	};
}

function createTarget(codec: Codec, options: WorldOptions): Target {
	const world = createWorld({ options, codec, effects: SILENCE });
	return {
		applyCommand(command, node = "") {
			apply(world, command, node);
			return true;
		},
		snapshot: () => cutSnapshot(world),
		restore: (snapshot) => restoreSnapshot(world, snapshot),
	};
}

function isSame(one: WorldOptions, other: WorldOptions): boolean {
	return differingOption(one, other) === undefined;
}
