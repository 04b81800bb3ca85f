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
	const keepers = new Map<string, AgentKeeper>();
	/** Whose a name is: a file's. */
	const claims = new Map<string, string>();

	function openerOf(file: string): KeeperParts["openAs"] {
		return (agentId, world = DEFAULT_WORLD) => {
			const name = JSON.stringify([world, agentId]);
			const owner = claims.get(name) ?? file;
			if (owner !== file)
				return refuse(`${agentId} is the agent of ${owner} already`);
			for (const [other, of] of claims) if (of === file) claims.delete(other);
			claims.set(name, file);
			return openIn(parts.worlds, world, agentId);
		};
	}

	function end(file: string): AgentKeeper | undefined {
		const keeper = keepers.get(file);
		keepers.delete(file);
		for (const [name, of] of claims) if (of === file) claims.delete(name);
		return keeper;
	}

	return {
		add(file) {
			if (keepers.has(file)) return;
			const name = nameOf(file);
			const keeper = keepAgent(
				{
					...parts,
					createWorker: (left) => parts.createWorker({ name, file, left }),
					openAs: openerOf(file),
					tell: (news) => parts.onEvent({ name, file, ...news }),
				},
				before.get(file),
			);
			keepers.set(file, keeper);
		},
		remove: async (file) => end(file)?.leave(),
		postToLoaders(payload) {
			for (const keeper of keepers.values()) keeper.postToLoader(payload);
		},
		edited() {
			for (const keeper of keepers.values()) keeper.edited();
		},
		async leave() {
			await Promise.all([...keepers.keys()].map((file) => end(file)?.leave()));
		},
		async handOver() {
			const all = [...keepers.keys()].map(async (file) => {
				const left = await end(file)?.handOver();
				return left === undefined ? [] : [[file, left] as const];
			});
			return new Map((await Promise.all(all)).flat());
		},
	};
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
