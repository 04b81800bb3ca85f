/** The agents of all MCP clients: each is there while tools are called, and for a while longer. */
import type { ResolvedMcpOptions } from "../options.ts";
import { AgentError } from "./agent-error.ts";
import {
	type BackingAgent,
	type BackingOptions,
	createBackingAgent,
} from "./backing-agent.ts";

/** Whose agent is meant. */
export interface Whose extends Omit<BackingOptions, "onEnded"> {
	/** What its calls have shown, as the gateway knows it; "" where none is asked for. */
	readonly credential: string;
	/** In which world. */
	readonly world: string;
}

export interface Agents {
	/**
	 * Does something as an agent, which is brought if it is not there.
	 * @throws AgentError where it cannot be there, or there are too many.
	 */
	use<Result>(
		whose: Whose,
		signal: AbortSignal,
		work: (agent: BackingAgent) => Promise<Result>,
	): Promise<Result>;
	/** Has an agent leave at once. False: it was not there. */
	leave(whose: Whose): boolean;
	/** Has all leave. */
	close(): void;
}

/** Of one credential; past that the one that was without a call for the longest leaves. */
export const MAX_OF_ONE = 16;

interface Held {
	readonly agent: BackingAgent;
	readonly credential: string;
	calls: number;
	timer: ReturnType<typeof setTimeout> | undefined;
}

export function createAgents({
	mcpIdle,
	maxMcpAgents,
}: Pick<ResolvedMcpOptions, "mcpIdle" | "maxMcpAgents">): Agents {
	/** The one that was without a call for the longest is the first. */
	const all = new Map<string, Held>();

	function hold(whose: Whose): Held {
		const key = keyOf(whose);
		const there = all.get(key);
		if (there) return there;
		makeRoom(whose.credential);
		const agent = createBackingAgent({
			...whose,
			onEnded: () => forget(key, agent),
		});
		const held: Held = {
			...{ agent, credential: whose.credential },
			...{ calls: 0, timer: undefined },
		};
		all.set(key, held);
		return held;
	}

	/** One with many names, as sessions of older clients have, sends away its own alone. */
	function makeRoom(credential: string): void {
		const own = [...all.values()].filter(
			(held) => held.credential === credential,
		);
		const idle = own.find(({ calls }) => calls === 0);
		if (own.length >= Math.min(MAX_OF_ONE, maxMcpAgents)) idle?.agent.leave();
		if (own.length >= MAX_OF_ONE && !idle) throw new AgentError(TOO_MANY);
		if (all.size >= maxMcpAgents) throw new AgentError(TOO_MANY);
	}

	function forget(key: string, agent: BackingAgent): void {
		const held = all.get(key);
		if (held?.agent !== agent) return;
		clearTimeout(held.timer);
		all.delete(key);
	}

	function begin(key: string, held: Held): void {
		held.calls++;
		clearTimeout(held.timer);
		if (all.delete(key)) all.set(key, held);
	}

	function end(held: Held): void {
		if (--held.calls > 0) return;
		held.timer = setTimeout(() => held.agent.leave(), mcpIdle);
		held.timer.unref();
	}

	return {
		async use(whose, signal, work) {
			const held = hold(whose);
			begin(keyOf(whose), held);
			try {
				await held.agent.present(signal);
				return await work(held.agent);
			} finally {
				end(held);
			}
		},
		leave(whose) {
			const held = all.get(keyOf(whose));
			held?.agent.leave();
			return held !== undefined;
		},
		close() {
			for (const { agent } of [...all.values()]) agent.leave();
		},
	};
}

const TOO_MANY =
	"There are as many agents of MCP clients as there may be: try again when others have left";

function keyOf({ credential, world, agentId }: Whose): string {
	return JSON.stringify([credential, world, agentId]);
}
