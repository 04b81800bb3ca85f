/** The process's side of one thread: its sockets, what it prints, and whether it still answers. */
import { url as inspectorUrl } from "node:inspector";
import type { Readable } from "node:stream";
import type { OpenSocket } from "../node/memory-socket.ts";
import { eachLine } from "./lines.ts";
import {
	openThreadConnection,
	type ThreadConnection,
} from "./thread-connection.ts";
import type {
	FromSocket,
	FromThread,
	LeftSession,
	ToThread,
} from "./thread-messages.ts";

/** What is used of a `Worker`. */
export interface ThreadWorker {
	readonly stdout: Readable | null;
	readonly stderr: Readable | null;
	on(event: "message", listener: (message: FromThread) => void): unknown;
	on(event: "error", listener: (error: Error) => void): unknown;
	on(event: "exit", listener: (code: number) => void): unknown;
	postMessage(message: ToThread, transfer?: readonly ArrayBuffer[]): void;
	terminate(): Promise<unknown>;
}

export interface ThreadHostParts {
	readonly worker: ThreadWorker;
	/** Opens a socket for an agent in a world. */
	openAs(agentId: string, world: string | undefined): OpenSocket;
	/** What is not about sockets. */
	tell(message: ThreadNews): void;
	printed(line: string, isError: boolean): void;
	/** It is gone; the reason says why, where it was not asked to. Called once. */
	ended(reason: string): void;
}

export type ThreadNews = Exclude<
	FromThread,
	{ readonly type: "pong" | "socket" | "stopped" }
>;

export interface ThreadHost {
	/** Whether it has not answered for a while. */
	readonly hangs: boolean;
	post(message: ToThread): void;
	/** Has it end, and resolves to what it leaves when it is gone. */
	stop(leaves: boolean): Promise<LeftSession | undefined>;
	/** Ends it at once. */
	terminate(): void;
}

/** Milliseconds from one look at whether it answers to the next. */
const PING_INTERVAL = 1_000;
/** So many looks without an answer, and it hangs. */
const MAX_UNANSWERED = 5;
/** Milliseconds for it to clean up, to hear of its registration, and to say so. */
const STOP_TIMEOUT = 4_000;
/** Milliseconds for it to be gone then. What blocks it outside of JavaScript, as `execSync` does, nothing ends. */
const END_TIMEOUT = 500;

export function hostThread(parts: ThreadHostParts): ThreadHost {
	const { worker } = parts;
	const connections = new Map<number, ThreadConnection>();
	let unanswered = 0;
	let reason: string | undefined;
	let closeCode = 1006;
	let stopped: (left: LeftSession | undefined) => void = () => {};
	let isGone = false;

	worker.on("message", take);
	worker.on("error", (error) => {
		reason ??= isOutOfMemory(error)
			? "it has used more memory than an agent may have"
			: `its thread has ended: ${error.message}`;
	});
	worker.on("exit", (code) => {
		end(reason ?? `it has called process.exit(${code})`);
	});
	if (worker.stdout)
		eachLine(worker.stdout, (line) => parts.printed(line, false));
	if (worker.stderr)
		eachLine(worker.stderr, (line) => parts.printed(line, true));
	// Looks are counted, not milliseconds: this process may sleep, or be busy, as well.
	const watch = setInterval(look, PING_INTERVAL);
	watch.unref();

	function look(): void {
		if (++unanswered > MAX_UNANSWERED && !isDebugged())
			terminate(
				`it has not answered for ${MAX_UNANSWERED} seconds: a loop that does not end, most likely`,
			);
		else worker.postMessage({ type: "ping" });
	}

	function take(message: FromThread): void {
		if (isGone) return;
		unanswered = 0;
		if (message.type === "socket") takeOfSocket(message.id, message);
		else if (message.type === "stopped") stopped(message.left);
		else if (message.type !== "pong") parts.tell(message);
	}

	function takeOfSocket(id: number, news: FromSocket): void {
		if (news.is !== "open") {
			connections.get(id)?.take(news);
			return;
		}
		connections.set(
			id,
			openThreadConnection(
				(said, transfer) => {
					if (said.is === "over") connections.delete(id);
					if (!isGone)
						worker.postMessage({ type: "socket", id, ...said }, transfer);
				},
				parts.openAs(news.agentId, news.world),
			),
		);
	}

	function terminate(why: string): void {
		reason ??= why;
		clearInterval(watch);
		void worker.terminate();
	}

	function end(why: string): void {
		if (isGone) return;
		isGone = true;
		clearInterval(watch);
		for (const connection of connections.values()) connection.end(closeCode);
		stopped(undefined);
		parts.ended(why);
	}

	return {
		get hangs() {
			return unanswered > 1;
		},
		post: (message) => worker.postMessage(message),
		async stop(leaves) {
			if (isGone) return undefined;
			// One that does not do it itself.
			if (leaves) closeCode = 1000;
			const left = await new Promise<LeftSession | undefined>((resolve) => {
				stopped = resolve;
				setTimeout(resolve, STOP_TIMEOUT, undefined).unref();
				worker.postMessage({ type: "stop", leaves });
			});
			await Promise.race([worker.terminate(), after(END_TIMEOUT)]);
			end("");
			return left;
		},
		terminate: () => terminate("it was begun anew"),
	};
}

function after(milliseconds: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, milliseconds).unref();
	});
}

function isOutOfMemory(error: Error): boolean {
	return (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** Whoever stands at a breakpoint does not answer. */
function isDebugged(): boolean {
	return inspectorUrl() !== undefined;
}
