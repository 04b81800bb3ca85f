/**
 * Commands are applied at once, as in memory, and written before anybody is told what came of them:
 * what somebody knows outlives the process. It outlives a power cut once it is on the disk itself.
 */
import { createMemoryOrder } from "../../core/order/memory.ts";
import type { OrderNode } from "../../core/order/order.ts";
import type { Command } from "../../core/world/command.ts";
import type { Journal } from "./journal.ts";
import { bytesOf, isEnough } from "./write-size.ts";
import type { Writing } from "./writing.ts";

/**
 * What nobody is told of is written after so many milliseconds, or twice as many. Not sooner: a write
 * takes 0.1 ms, and most of what waits is about to be told.
 */
const LATEST = 100;

export function createWriteBehind(
	node: OrderNode,
	journal: () => Journal,
): Writing {
	let commands: Command[] = [];
	let bytes = 0;
	let timer: NodeJS.Timeout | undefined;
	/** Whether something was written since the timer was set. */
	let isKept = false;
	let isBroken = false;

	function keep(): void {
		if (commands.length === 0) return;
		const all = commands;
		commands = [];
		bytes = 0;
		isKept = true;
		journal().write(all);
	}

	function add(command: Command): void {
		commands.push(command);
		bytes += bytesOf(command);
		if (isEnough(commands.length, bytes)) keep();
		if (!timer) watch();
	}

	function watch(): void {
		isKept = false;
		timer = setTimeout(late, LATEST).unref();
	}

	function late(): void {
		timer = undefined;
		if (!isKept) keep();
		journal().rest();
		if (commands.length > 0) watch();
	}

	/** What has broken the world is better not met by the next process, if it is not too late. */
	function failed(command: Command): void {
		isBroken = true;
		if (commands.at(-1) === command) commands.pop();
	}

	const { append } = createMemoryOrder({
		...node,
		applyCommand(command) {
			if (isBroken) return false;
			// Before it is applied, which may tell somebody.
			add(command);
			const isDone = node.applyCommand(command);
			if (!isDone) failed(command);
			return isDone;
		},
	});

	return {
		...{ append, keep },
		settle() {
			keep();
			return !isBroken;
		},
		async end() {
			clearTimeout(timer);
			keep();
		},
	};
}
