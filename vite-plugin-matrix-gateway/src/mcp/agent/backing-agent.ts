/** The agent that stands in the world for an LLM: an ordinary client, and what it has heard. */
import { randomBytes } from "node:crypto";
import { createMatrixClient } from "../../client/create-client.ts";
import type { MatrixClient } from "../../client/matrix-client.ts";
import type { MatrixMessage, OutgoingMessage } from "../../client/messages.ts";
import type { MatrixClientOptions } from "../../client/options.ts";
import { AgentError } from "./agent-error.ts";
import { classify } from "./classify.ts";
import { createHeard, type HeardMemory } from "./heard.ts";
import { createPerformer, type Outcome } from "./performer.ts";
import { untilPresent } from "./presence.ts";
import { createWorldView, type WorldView } from "./world-view.ts";

export interface BackingAgent {
	readonly agentId: string;
	/** Of this life; places in another one mean nothing here. */
	readonly epoch: string;
	readonly client: MatrixClient;
	readonly heard: HeardMemory;
	readonly view: WorldView;
	/** The place before which something is missing, since the session could not be resumed; 0 where nothing is. */
	readonly gap: number;
	/** Whether the gateway has said that it goes, and it has not come back. */
	readonly isParting: boolean;
	/** Where the last `listen` has ended; undefined before the first. */
	told: { readonly n: number; readonly offset: number } | undefined;
	/**
	 * Resolves when it is registered.
	 * @throws AgentError where it is refused, or cannot be for now.
	 */
	present(signal: AbortSignal): Promise<void>;
	/** Says something to all, and resolves when it has its place, or was refused. One after the other. */
	perform(message: OutgoingMessage): Promise<Outcome>;
	/** @throws AgentError where it is gone for good. */
	check(): void;
	/** Leaves for good. */
	leave(): void;
}

/** How it connects, and what is told of its end. */
export interface BackingOptions {
	readonly agentId: string;
	readonly connection: Omit<MatrixClientOptions, "agentId" | "resume">;
	/** Whether the gateway is gone for good, so that there is nothing to come back to. */
	isOver?(): boolean;
	/** It will not be there again, for whatever reason. */
	onEnded(): void;
}

export function createBackingAgent(options: BackingOptions): BackingAgent {
	const { agentId, connection, isOver, onEnded } = options;
	const client = createMatrixClient({ role: "agent", ...connection, agentId });
	const heard = createHeard(agentId);
	const view = createWorldView();
	const performer = createPerformer(client, agentId);
	let gap = 0;
	let isParting = false;
	let isEnded = false;
	/** What comes before its own arrival is retained, and no news. */
	let isCatchingUp = true;

	client.onState((state) => {
		if (state.status === "online") begin(state.resumed);
		const isGone = state.status === "offline" && isOver?.();
		if (state.status === "refused" || isGone) end();
	});
	client.on("*", (message) => {
		if (performer.isOwn(message)) return;
		if (isOwnArrival(message, agentId)) isCatchingUp = false;
		view.apply(message);
		if (message.type === "gateway_shutdown") part();
		else if (!isCatchingUp || isWord(message, agentId)) heard.hear(message);
	});

	function begin(resumed: boolean | undefined): void {
		isParting = false;
		if (resumed === true) return;
		view.reset();
		isCatchingUp = true;
		if (resumed === false) gap = heard.skip();
		// Who takes over a name gets no arrival: its pong comes after what is retained, too.
		client.send({ type: "ping" });
	}

	function part(): void {
		isParting = true;
		heard.wake();
	}

	function end(): void {
		if (isEnded) return;
		isEnded = true;
		heard.wake();
		client.dispose();
		onEnded();
	}

	return {
		agentId,
		epoch: randomBytes(4).toString("hex"),
		client,
		heard,
		view,
		get gap() {
			return gap;
		},
		get isParting() {
			return isParting;
		},
		told: undefined,
		present: (signal) => untilPresent(client, signal),
		async perform(message) {
			const said = { ...message, agentId };
			const outcome = await performer.perform(said);
			// The gateway sends it to everybody else.
			if (outcome.is === "done") view.apply(said);
			return outcome;
		},
		check() {
			if (isEnded) throw new AgentError(whyGone(client));
		},
		leave: end,
	};
}

function isOwnArrival(message: MatrixMessage, agentId: string): boolean {
	const { type } = message;
	return (
		type === "pong" || (type === "agent_joined" && message.agentId === agentId)
	);
}

function isWord(message: MatrixMessage, agentId: string): boolean {
	return classify(message, agentId)?.is === "word";
}

function whyGone({ state }: MatrixClient): string {
	return state.status === "refused"
		? `Your agent is gone: ${state.reason}. The next call brings it back.`
		: "Your agent has left. The next call brings it back.";
}
