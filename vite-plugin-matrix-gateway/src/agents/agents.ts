/** All agents of a process: each has a file, and a thread of its own. */
import { basename } from "node:path";
import type { Grant } from "../core/protocol/grant.ts";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import type { OpenSocket } from "../node/memory-socket.ts";
import type { Worlds } from "../node/worlds.ts";
import type { AgentEvent } from "./agent-event.ts";
import {
	type AgentKeeper,
	type KeeperParts,
	keepAgent,
} from "./agent-keeper.ts";
import { type Claimant, createClaims } from "./claims.ts";
import { RefusedAgent } from "./refused-agent.ts";
import type { ThreadWorker } from "./thread-host.ts";
import type { LeftSession } from "./thread-messages.ts";

export interface AgentsParts
	extends Pick<KeeperParts, "isEdited" | "takeOfLoader"> {
	/** Where they live. */
	readonly worlds: Worlds;
	/** @param left What the thread is to go on with. */
	createWorker(agent: {
		readonly name: string;
		readonly file: string;
		readonly left: LeftSession | undefined;
	}): ThreadWorker;
	onEvent(event: AgentEvent): void;
}

/** What agents have left for those who go on, by their files. */
export type LeftAgents = ReadonlyMap<string, LeftSession>;

export interface Agents {
	/** Begins the agent of a file. */
	add(file: string): void;
	/** Has the agent of a file leave. */
	remove(file: string): Promise<void>;
	postToLoaders(payload: unknown): void;
	/** Something was edited, which agents that wait may have waited for. */
	edited(): void;
	/** All leave. */
	leave(): Promise<void>;
	/** Ends all, who leave their sessions to others. */
	handOver(): Promise<LeftAgents>;
}

export function createAgents(
	parts: AgentsParts,
	before: LeftAgents = new Map(),
): Agents {
	const kept = new Map<string, Kept>();
	const leaving = new WeakSet<Claimant>();
	const claims = createClaims();

	function openerOf(claimant: Claimant): KeeperParts["openAs"] {
		return (agentId, world = DEFAULT_WORLD) => {
			const owner = claims.take(JSON.stringify([world, agentId]), claimant);
			if (!owner) return openIn(parts.worlds, world, agentId);
			const reason = `${agentId} is the agent of ${owner.file} already`;
			// One that is about to be free is to be tried again soon.
			return leaving.has(owner)
				? () => Promise.reject(new Error(reason))
				: refuse(reason);
		};
	}

	/** The name is free once it is gone: who took it sooner would be replaced by its farewell. */
	async function end<Left>(
		file: string,
		how: (keeper: AgentKeeper) => Promise<Left>,
	): Promise<Left | undefined> {
		const ending = kept.get(file);
		if (!ending) return undefined;
		kept.delete(file);
		leaving.add(ending.claimant);
		const left = await how(ending.keeper);
		claims.release(ending.claimant);
		return left;
	}

	const leave = (file: string) => end(file, (keeper) => keeper.leave());

	return {
		add(file) {
			if (kept.has(file)) return;
			const name = nameOf(file);
			const claimant: Claimant = { file, again: () => keeper.again() };
			const keeper = keepAgent(
				{
					...parts,
					createWorker: (left) => parts.createWorker({ name, file, left }),
					openAs: openerOf(claimant),
					tell: (news) => parts.onEvent({ name, file, ...news }),
				},
				before.get(file),
			);
			kept.set(file, { keeper, claimant });
		},
		remove: leave,
		postToLoaders(payload) {
			for (const { keeper } of kept.values()) keeper.postToLoader(payload);
		},
		edited() {
			for (const { keeper } of kept.values()) keeper.edited();
		},
		async leave() {
			await Promise.all([...kept.keys()].map(leave));
		},
		async handOver() {
			const all = [...kept.keys()].map(async (file) => {
				const left = await end(file, (keeper) => keeper.handOver());
				return left === undefined ? [] : [[file, left] as const];
			});
			return new Map((await Promise.all(all)).flat());
		},
	};
}

interface Kept {
	readonly keeper: AgentKeeper;
	readonly claimant: Claimant;
}

/** What an agent is called whose file says nothing else. */
function nameOf(file: string): string {
	return basename(file).replace(/(?<=.)\..*$/, "");
}

/** May be this agent, and speak for nobody else. */
function openIn(worlds: Worlds, world: string, agentId: string): OpenSocket {
	const grant: Grant = { agents: [agentId] };
	if (!worlds.has(world)) return refuse(`there is no world ${world}`);
	return async (socket) => {
		const gateway = await worlds.enter(world);
		if ("open" in gateway) return gateway.open(socket, grant);
		throw new Error(gateway.reason);
	};
}

function refuse(reason: string): OpenSocket {
	return () => Promise.reject(new RefusedAgent(reason));
}
