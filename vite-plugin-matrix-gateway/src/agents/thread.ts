/** An agent's own thread: loads its file, runs it, and does what the process asks for. */
import { setImmediate } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import {
	type AgentDefinition,
	isSameAgent,
	readAgentModule,
} from "./agent-definition.ts";
import { type DescribedError, describeError } from "./described-error.ts";
import { type Run, startRun } from "./run.ts";
import type {
	FromThread,
	LeftSession,
	ThreadData,
	ToThread,
} from "./thread-messages.ts";
import { createThreadSockets } from "./thread-socket.ts";

/** How a thread gets its file. */
export interface Loader {
	/** @throws what kept the file from being loaded. */
	load(): Promise<unknown>;
	/** What was loaded last is in use, so what came before it is not. */
	adopted?(): void;
	/** Takes what comes for it from the process. */
	take?(payload: unknown): void;
}

/** What a loader is made with. */
export interface LoaderParts {
	readonly entry: string;
	post(payload: unknown): void;
	/** The file, or what it needs, is another one: it is to be loaded again. */
	changed(): void;
	/** What was to be loaded does not come to an end, so that nothing else can be. */
	hangs(): void;
}

export interface ThreadParts extends Pick<ThreadData, "matrixAgent"> {
	readonly port: Pick<MessagePort, "on" | "postMessage">;
	/** Where it is told of errors that nobody caught, and of its end. */
	readonly process: {
		on(event: string, listener: (error: unknown) => void): unknown;
	};
	createLoader(parts: LoaderParts): Loader;
	/**
	 * Whether an error that nobody catches ends the run, as it would end a process. In development it
	 * is shown, and the agent goes on as a page does.
	 */
	readonly isStrict: boolean;
}

/** Lives for as long as the thread. */
export function runThread(parts: ThreadParts): void {
	const { name, entry } = parts.matrixAgent;
	const post = (message: FromThread) => parts.port.postMessage(message);
	const sockets = createThreadSockets((id, news) =>
		post({ type: "socket", id, ...news }),
	);
	const loader = parts.createLoader({
		entry,
		post: (payload) => post({ type: "loader", payload }),
		changed: () => void load(),
		hangs: () => inTurn(giveUp),
	});
	let { left } = parts.matrixAgent;
	let run: Run | undefined;
	/** The one that cleans up. */
	let ending: Run | undefined;
	let definition: AgentDefinition | undefined;
	let inUse: unknown;
	let loads = 0;
	let isStopping = false;
	/** What a run has met before it was told to have begun, which takes the errors of those before it off. */
	let held: DescribedError[] | undefined;
	/** One run after the other. */
	let turn = Promise.resolve();

	parts.process.on("uncaughtException", uncaught);
	// By `process.exit()`: what the agent was told is not lost with it.
	parts.process.on("exit", () => {
		const leaving = (run ?? ending)?.abandon() ?? left;
		if (leaving) post({ type: "left", left: leaving });
	});
	parts.port.on("message", take);
	void load();

	function take(message: ToThread): void {
		switch (message.type) {
			case "ping":
				post({ type: "pong" });
				break;
			case "socket":
				sockets.take(message.id, message);
				break;
			case "loader":
				loader.take?.(message.payload);
				break;
			case "again":
				inTurn(() => definition && begin(definition));
				break;
			case "stop":
				isStopping = true;
				inTurn(() => stop(message.leaves));
				break;
		}
	}

	async function load(): Promise<void> {
		const thisLoad = ++loads;
		try {
			const module = await loader.load();
			if (thisLoad !== loads || module === inUse) return;
			const read = readAgentModule(name, module);
			inUse = module;
			inTurn(() => begin(read));
		} catch (error) {
			if (thisLoad === loads) unloadable(error);
		}
	}

	function unloadable(error: unknown): void {
		const goesOn = run !== undefined;
		post({ type: "unloadable", error: describeError(error), goesOn });
	}

	async function begin(next: AgentDefinition): Promise<void> {
		if (isStopping) return;
		await endRun(next);
		loader.adopted?.();
		definition = next;
		held = [];
		const begun = runOf(next);
		run = begun;
		// One that throws at once has not begun.
		await setImmediate();
		if (!begun.hasFailed) post({ type: "began", agentId: next.agentId });
		for (const error of held) post({ type: "uncaught", error });
		held = undefined;
	}

	function runOf(next: AgentDefinition): Run {
		const { agentId, world } = next;
		const thisRun = startRun({
			...{ definition: next, left: takeLeft() },
			sockets: sockets.socketsOf(agentId, world),
			failed: (error) => inTurn(() => failed(thisRun, error)),
			uncaught: (error) =>
				post({ type: "uncaught", error: describeError(error) }),
			warned: (text) => post({ type: "warned", text }),
		});
		return thisRun;
	}

	/** Who becomes another one leaves; who is the same goes on. */
	async function endRun(next: AgentDefinition | undefined): Promise<void> {
		if (!run) return;
		ending = run;
		run = undefined;
		if (next && !isSameAgent(ending.definition, next)) await ending.leave();
		else left = await ending.handOver();
		ending = undefined;
	}

	async function failed(failing: Run, error: unknown): Promise<void> {
		if (run !== failing) return;
		await endRun(undefined);
		post({ type: "failed", error: describeError(error) });
	}

	function uncaught(error: unknown): void {
		const failing = run;
		if (parts.isStrict && failing) inTurn(() => failed(failing, error));
		else if (held) held.push(describeError(error));
		else post({ type: "uncaught", error: describeError(error) });
	}

	async function giveUp(): Promise<void> {
		await endRun(undefined);
		post({ type: "givenUp", left: takeLeft() });
	}

	async function stop(leaves: boolean): Promise<void> {
		// Its session waits where its last run has failed: that is ended, too.
		if (leaves && left && definition) run = runOf({ ...definition, live() {} });
		if (leaves) await run?.leave();
		else await endRun(undefined);
		run = undefined;
		post({ type: "stopped", left: takeLeft() });
	}

	function takeLeft(): LeftSession | undefined {
		const taken = left;
		left = undefined;
		return taken;
	}

	function inTurn(work: () => unknown): void {
		turn = turn.then(async () => void (await work())).catch(uncaught);
	}
}
