/**
 * Commands are on the disk before they are applied, so that nobody ever knows what a power cut could
 * lose. While some are on their way others gather, and are the next to go.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { OrderNode } from "../../core/order/order.ts";
import type { Command } from "../../core/world/command.ts";
import type { Journal } from "./journal.ts";
import { bytesOf, isEnough } from "./write-size.ts";
import type { Writing } from "./writing.ts";

export function createWriteThrough(
	node: OrderNode,
	journal: () => Journal,
): Writing {
	let gathered: Command[] = [];
	let isOnItsWay = false;
	let isBroken = false;
	let writing: Promise<void> | undefined;

	async function writeAll(): Promise<void> {
		// What the same turn reads goes together.
		await nextTurn();
		while (gathered.length > 0 && !isBroken) await writeSome();
		writing = undefined;
	}

	async function writeSome(): Promise<void> {
		const count = countOf(gathered);
		const commands = gathered.slice(0, count);
		gathered = gathered.slice(count);
		isOnItsWay = true;
		await journal().writeThrough(commands);
		isBroken = !commands.every((command) => node.applyCommand(command));
		isOnItsWay = false;
		journal().rest();
	}

	return {
		append(command) {
			gathered.push(command);
			writing ??= writeAll();
		},
		settle: () => !isOnItsWay && !isBroken,
		async end() {
			await writing;
		},
	};
}

/** How many of the first are written at once, and applied in one turn. */
function countOf(commands: readonly Command[]): number {
	let bytes = 0;
	const enough = commands.findIndex((command, index) => {
		bytes += bytesOf(command);
		return isEnough(index + 1, bytes);
	});
	return enough === -1 ? commands.length : enough + 1;
}
