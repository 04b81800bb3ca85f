/** Keeps one agent alive: its thread, and another one when that has ended. */
import type { OpenSocket } from "../node/memory-socket.ts";
import type { AgentNews } from "./agent-event.ts";
import { createRestartBackoff } from "./backoff.ts";
import {
	hostThread,
	type ThreadHost,
	type ThreadNews,
	type ThreadWorker,
} from "./thread-host.ts";
import type { LeftSession } from "./thread-messages.ts";

export interface KeeperParts {
	/** Starts a thread, which goes on with what one before it has left. */
	createWorker(left: LeftSession | undefined): ThreadWorker;
	openAs(agentId: string, world: string | undefined): OpenSocket;
	/**
	 * Whether an edit brings an agent back that could not be loaded; else it is tried again, in a fresh
	 * thread, as after each failure.
	 */
	readonly isEdited: boolean;
	/** Takes what the thread's loader says, and answers to that thread. */
	takeOfLoader?(payload: unknown, answer: (payload: unknown) => void): void;
	tell(news: AgentNews): void;
}

export interface AgentKeeper {
	/** Hands something to the thread's loader. */
	postToLoader(payload: unknown): void;
	/** Its file, or what that needs, was edited: an agent that waits to be begun anew waits no longer. */
	edited(): void;
	/** What its agent was refused it may have now: it is begun anew. */
	again(): void;
	/** Its agent leaves. */
	leave(): Promise<void>;
	/** Ends it, and resolves to what is left for who goes on. */
	handOver(): Promise<LeftSession | undefined>;
}

export function keepAgent(
	parts: KeeperParts,
	before?: LeftSession,
): AgentKeeper {
	const backoff = createRestartBackoff(() => performance.now());
	let left = before;
	/** What the thread was given, until it has begun with it. */
	let given: LeftSession | undefined;
	/** What is to be done when the time has come. */
	let due: { readonly timer: NodeJS.Timeout; work(): void } | undefined;
	let isOver = false;
	/** Whether its end is no failure. */
	let isReplaced = false;
	let thread: ThreadHost | undefined = start();

	function start(): ThreadHost {
		given = takeLeft();
		const begun = hostThread({
			worker: parts.createWorker(given),
			openAs: parts.openAs,
			tell: (news) => take(news, begun),
			printed: (line, isError) =>
				parts.tell({ event: "printed", line, isError }),
			ended: (reason) => ended(begun, reason),
		});
		return begun;
	}

	function take(news: ThreadNews, from: ThreadHost): void {
		switch (news.type) {
			case "began":
				backoff.began();
				given = undefined;
				cancel();
				parts.tell({ event: "began", agentId: news.agentId });
				break;
			case "unloadable":
				unloadable(news, from);
				break;
			case "failed": {
				const retryIn = recover(from);
				parts.tell({ event: "failed", error: news.error, retryIn });
				break;
			}
			case "uncaught":
				parts.tell({ event: "uncaught", error: news.error });
				break;
			case "warned":
				parts.tell({ event: "warned", text: news.text });
				break;
			case "left":
				left = news.left;
				return;
			case "givenUp":
				left = news.left;
				replace(from);
				return;
			case "loader":
				parts.takeOfLoader?.(news.payload, (payload) =>
					from.post({ type: "loader", payload }),
				);
		}
	}

	function unloadable(
		{ error, goesOn }: ThreadNews & { readonly type: "unloadable" },
		from: ThreadHost,
	): void {
		const retryIn = parts.isEdited ? undefined : recover(from);
		const retry = retryIn === undefined ? {} : { retryIn };
		parts.tell({ event: "unloadable", error, goesOn, ...retry });
	}

	/** Has a run that is over begun anew after a while; returns after how long. */
	function recover(from: ThreadHost): number {
		return wait(() => {
			if (parts.isEdited) from.post({ type: "again" });
			else void restart(from);
		});
	}

	async function restart(from: ThreadHost): Promise<void> {
		isReplaced = true;
		left = await from.stop(false);
		if (!isOver) begin();
	}

	function replace(from: ThreadHost): void {
		isReplaced = true;
		from.terminate();
		wait(begin, 0);
	}

	function ended(which: ThreadHost, reason: string): void {
		if (which !== thread) return;
		thread = undefined;
		left ??= given;
		const isExpected = isReplaced || isOver;
		isReplaced = false;
		if (isExpected) return;
		const lost = left ? "" : `; ${LOST}`;
		const told = { event: "ended", reason: reason + lost } as const;
		parts.tell({ ...told, retryIn: wait(begin) });
	}

	function begin(): void {
		isReplaced = false;
		thread = start();
	}

	function wait(work: () => void, milliseconds = backoff.next()): number {
		cancel();
		const timer = setTimeout(hurry, milliseconds);
		timer.unref();
		due = { timer, work };
		return milliseconds;
	}

	function hurry(): void {
		const { work } = due ?? {};
		cancel();
		if (!isOver) work?.();
	}

	function cancel(): void {
		clearTimeout(due?.timer);
		due = undefined;
	}

	function takeLeft(): LeftSession | undefined {
		const taken = left;
		left = undefined;
		return taken;
	}

	return {
		postToLoader: (payload) => thread?.post({ type: "loader", payload }),
		edited() {
			if (!thread) hurry();
			else if (thread.hangs) {
				parts.tell({ event: "warned", text: `did not answer; ${LOST}` });
				replace(thread);
			}
		},
		again: () => thread?.post({ type: "again" }),
		async leave() {
			isOver = true;
			cancel();
			await thread?.stop(true);
		},
		async handOver() {
			isOver = true;
			cancel();
			return thread ? await thread.stop(false) : takeLeft();
		},
	};
}

/** A thread that cannot speak any more has nothing to hand over. */
const LOST = "what was said to it meanwhile is lost";
