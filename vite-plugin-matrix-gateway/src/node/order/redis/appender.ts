/**
 * What is appended here, on its way into the stream: one entry at a time. What gathers meanwhile is the
 * next. An entry is kept until it was read back, and sent again after a broken line [ORD5].
 */
import type {
	Command,
	Entry,
	NodeId,
	Up,
} from "../../../core/world/command.ts";
import { bytesOf, isEnough } from "../write-size.ts";
import { encodePayload } from "./payload.ts";

export interface Appender {
	append(command: Command): void;
	/** Whether more waits than should. */
	readonly isFull: boolean;
	/** The entry that is on its way. */
	readonly inFlight: InFlight | undefined;
	/** Since when the entry waits that waits the longest; undefined where none does. */
	readonly waitsSince: number | undefined;
	/** Has entries sent, beginning with the one that is on its way. */
	start(send: Send): void;
	/** The same again: what was sent is not in the stream. */
	again(): void;
	/** From here on nothing is sent. */
	stop(): void;
	/** Whether entries are sent. */
	readonly isStarted: boolean;
	/** Whether an entry is on its way, or about to be. */
	readonly isToCome: boolean;
	/** The number of the last entry that was read back. */
	readonly lastRead: number;
	/** An entry was read. True where it was the one that was on its way. */
	read(entry: Entry): boolean;
	/** The `up` that waits to be the first of all. */
	readonly up: Up | undefined;
	changeUp(change: (up: Up) => Up): void;
	/** Calls back once nothing waits. */
	whenEmpty(callback: () => void): void;
}

export interface InFlight {
	readonly entry: Entry;
	readonly payload: Buffer;
}

/** Puts a payload into the stream; it never throws, and what goes wrong is its own affair. */
export type Send = (payload: Buffer) => void;

/** Bytes that may wait; past that messages are refused with `try_again`. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Bytes that a command takes beside its frame, about. */
const COMMAND_BYTES = 100;

/**
 * Milliseconds between two entries: what comes first goes at once, what keeps coming gathers. An entry
 * costs every node about the same however many commands are in it.
 */
const WINDOW = 4;

export function createAppender(node: NodeId): Appender {
	let gathered: Command[] = [];
	let bytes = 0;
	let gatheredAt = 0;
	let sequence = 0;
	let inFlight: InFlight | undefined;
	let inFlightAt = 0;
	let send: Send | undefined;
	let isScheduled = false;
	let empty: (() => void)[] = [];

	function schedule(): void {
		if (isScheduled || inFlight || gathered.length === 0 || !send) return;
		isScheduled = true;
		const wait = inFlightAt + WINDOW - performance.now();
		// What the same turn reads goes together.
		if (wait <= 0) setImmediate(sendNext);
		else setTimeout(sendNext, wait);
	}

	function sendNext(): void {
		isScheduled = false;
		if (inFlight || !send || gathered.length === 0) return;
		const commands = takeSome();
		const entry = { node, sequence: ++sequence, commands };
		inFlight = { entry, payload: encodePayload(entry) };
		inFlightAt = performance.now();
		send(inFlight.payload);
	}

	function takeSome(): Command[] {
		let taken = 0;
		const enough = gathered.findIndex((command, index) => {
			taken += bytesOf(command);
			// What comes after a beginning is told by others once they have spoken behind it [ORD17].
			return command.type === "up" || isEnough(index + 1, taken);
		});
		const count = enough === -1 ? gathered.length : enough + 1;
		const commands = gathered.slice(0, count);
		gathered = gathered.slice(count);
		for (const command of commands) bytes -= weightOf(command);
		return commands;
	}

	return {
		append(command) {
			if (gathered.length === 0) gatheredAt = performance.now();
			gathered.push(command);
			bytes += weightOf(command);
			schedule();
		},
		get isFull() {
			return bytes + (inFlight?.payload.length ?? 0) > MOST_BYTES;
		},
		get inFlight() {
			return inFlight;
		},
		get waitsSince() {
			if (inFlight) return inFlightAt;
			return gathered.length > 0 ? gatheredAt : undefined;
		},
		start(given) {
			send = given;
			if (inFlight) send(inFlight.payload);
			else schedule();
		},
		again() {
			if (inFlight) send?.(inFlight.payload);
		},
		stop() {
			send = undefined;
		},
		get isStarted() {
			return send !== undefined;
		},
		get isToCome() {
			const isAny = inFlight !== undefined || gathered.length > 0;
			return isAny && send !== undefined;
		},
		get lastRead() {
			return inFlight ? sequence - 1 : sequence;
		},
		read({ node: from, sequence: read }) {
			if (from !== node || read !== inFlight?.entry.sequence) return false;
			inFlight = undefined;
			schedule();
			if (gathered.length > 0) return true;
			const callbacks = empty;
			empty = [];
			for (const callback of callbacks) callback();
			return true;
		},
		get up() {
			const [first] = gathered;
			return first?.type === "up" ? first : undefined;
		},
		changeUp(change) {
			gathered = gathered.map((command) =>
				command.type === "up" ? change(command) : command,
			);
		},
		whenEmpty(callback) {
			if (inFlight || gathered.length > 0) empty.push(callback);
			else callback();
		},
	};
}

function weightOf(command: Command): number {
	return COMMAND_BYTES + bytesOf(command);
}
