/**
 * The way between a test, which waits for nothing, and a thread whose order takes its time: whoever
 * asks for what comes next is held up until it is there.
 */
import {
	MessageChannel,
	receiveMessageOnPort,
	Worker,
} from "node:worker_threads";
import type { EndReason } from "../../../../src/core/order/order.ts";
import type { Command, Entry } from "../../../../src/core/world/command.ts";
import type { WorldOptions } from "../../../../src/core/world/options.ts";
import type { WorldSnapshot } from "../../../../src/core/world/snapshot.ts";

/** What a test tells the thread. Worlds are numbers. */
export type ToThread =
	| {
			readonly do: "open";
			readonly world: number;
			readonly node: string;
			readonly options: WorldOptions;
	  }
	| {
			readonly do: "append";
			readonly world: number;
			readonly command: Command;
	  }
	/** Answered with `kept`. */
	| { readonly do: "end"; readonly world: number };

/** What it is told. */
export type FromThread =
	| { readonly did: "entry"; readonly world: number; readonly entry: Entry }
	| {
			readonly did: "command";
			readonly world: number;
			readonly command: Command;
	  }
	| {
			readonly did: "restore";
			readonly world: number;
			readonly snapshot: WorldSnapshot;
	  }
	| {
			readonly did: "ended";
			readonly world: number;
			readonly reason: EndReason;
	  }
	/** What the thread's own copy of the world has come to, as bytes. */
	| {
			readonly did: "kept";
			readonly world: number;
			readonly bytes: Uint8Array;
	  };

/** What the thread is given. */
export interface ThreadData {
	readonly port: import("node:worker_threads").MessagePort;
	/** Counts what it has told. */
	readonly signal: Int32Array;
	readonly url: string;
}

export interface Bridge {
	tell(message: ToThread): void;
	/** What comes next, for which it holds up the whole process. */
	next(): FromThread;
}

/** Milliseconds until it says that nothing comes. */
const PATIENCE = 10_000;

/**
 * @param thread The file of it.
 * @param url Of the Redis.
 */
export function createBridge(thread: string, url: string): Bridge {
	const { port1, port2 } = new MessageChannel();
	const signal = new Int32Array(new SharedArrayBuffer(4));
	const workerData: ThreadData = { port: port2, signal, url };
	new Worker(thread, { workerData, transferList: [port2] }).unref();
	port1.unref();
	return {
		tell: (message) => port1.postMessage(message),
		next() {
			for (;;) {
				const told = Atomics.load(signal, 0);
				const got = receiveMessageOnPort(port1);
				if (got) return got.message;
				if (Atomics.wait(signal, 0, told, PATIENCE) === "timed-out")
					throw new Error("nothing comes back from Redis");
			}
		},
	};
}
