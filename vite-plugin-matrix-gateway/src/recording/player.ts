/** Says again what a recording has, each agent by a connection of its own. */
import type { AgentInfo } from "../client/index.ts";
import type { MatrixMessage } from "../client/messages.ts";
import { readPresent } from "../client/read-message.ts";
import { createRoster } from "../client/roster.ts";
import type { Happening } from "./line.ts";
import { openVoice, type Stage, type Voice } from "./voice.ts";

export interface Player {
	/**
	 * Does what a line tells, after all that came before it.
	 * @throws Error, asynchronously, where it cannot go on.
	 */
	perform(happening: Happening): Promise<void>;
	/** Resolves once all that was said has its place in the order. */
	placed(): Promise<void>;
	/** Closes all connections: its agents leave. */
	close(): void;
}

/** One says so many messages before it looks whether they have arrived. */
const MOST_UNPLACED = 500;

/** @param problem Told what the gateway refuses: of the line that is done then, or of one shortly before. */
export function createPlayer(
	stage: Stage,
	problem: (reason: string) => void,
): Player {
	const voices = new Map<string, Voice>();
	const present = createRoster();
	/** Those who are registered again by the next line that has them join. */
	const replaced = new Set<string>();
	// Hears who is there, and says what no agent says.
	const viewer = openVoice(stage, undefined, { message: hear, error: problem });
	let last: Voice | undefined;
	let lastNamed: string | undefined;
	let unplaced = 0;

	function hear(message: MatrixMessage): void {
		if (message.type === "gateway_hello") present.reset(readPresent(message));
		present.apply(message);
	}

	/** The next one to say something does so after all that another one has said. */
	async function turnTo(voice: Voice): Promise<void> {
		if (last && (last !== voice || ++unplaced === MOST_UNPLACED)) {
			await last.placed();
			unplaced = 0;
		}
		last = voice;
	}

	async function join({ agentId, role }: AgentInfo): Promise<void> {
		const before = voices.get(agentId);
		const there = present.agents.get(agentId);
		if (before && there?.role === role && !replaced.delete(agentId)) return;
		if (!before && there)
			throw new Error(
				`"${agentId}" is there already, and is nobody of this recording`,
			);
		await last?.placed();
		const voice = openVoice(stage, { agentId, role }, { error: problem });
		voices.set(agentId, voice);
		await voice.begun;
		last = voice;
	}

	async function leave(agentId: string, reason: string): Promise<void> {
		const voice = voices.get(agentId);
		if (!voice) return;
		// Its next registration does it, from another connection.
		if (reason === "replaced") {
			replaced.add(agentId);
			return;
		}
		await turnTo(voice);
		if (reason === "unregistered")
			voice.say(JSON.stringify({ type: "agent_unregister", agentId }));
		await voice.placed();
		voices.delete(agentId);
		last = undefined;
		voice.close();
		await Promise.race([untilGone(agentId), viewer.ended]);
	}

	function untilGone(agentId: string): Promise<void> {
		return new Promise((resolve) => {
			if (!present.agents.has(agentId)) return resolve();
			const stop = present.changes.add((agents) => {
				if (agents.has(agentId)) return;
				stop();
				resolve();
			});
		});
	}

	async function gather(agents: readonly AgentInfo[]): Promise<void> {
		const names = new Set(agents.map(({ agentId }) => agentId));
		for (const agentId of [...voices.keys()])
			if (!names.has(agentId)) await leave(agentId, "closed");
		for (const agent of agents) await join(agent);
	}

	/**
	 * Where nobody's name is on it, an agent says it: only agents may have messages retained [RET3], and
	 * whoever was named last most likely goes on. Without an agent a viewer does.
	 */
	function voiceOf(from: string | undefined): Voice {
		const named = voices.get(from ?? "");
		if (named) lastNamed = from;
		const [any = viewer] = voices.values();
		return named ?? voices.get(lastNamed ?? "") ?? any;
	}

	async function say(from: string | undefined, text: string): Promise<void> {
		const voice = voiceOf(from);
		await turnTo(voice);
		voice.say(text);
	}

	return {
		async perform(happening) {
			await viewer.begun;
			const { what } = happening;
			if (what === "here") await gather(happening.agents);
			else if (what === "joined") await join(happening);
			else if (what === "left")
				await leave(happening.agentId, happening.reason);
			else if (what !== "missed") await say(happening.from, happening.text);
		},
		async placed() {
			await last?.placed();
		},
		close() {
			for (const voice of [viewer, ...voices.values()]) voice.close();
		},
	};
}
