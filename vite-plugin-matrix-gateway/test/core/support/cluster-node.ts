/** The processes of a cluster, each with a viewer that watches it. */
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import type { NodeId } from "../../../src/core/world/command.ts";
import type { Client, Message } from "./client.ts";
import type { DelayingLog, DelayingNode } from "./delaying-order.ts";
import { createFakeHost } from "./host.ts";
import { type Process, startProcess } from "./process.ts";
import type { Speaker } from "./speaker.ts";

export interface ClusterNode {
	readonly id: NodeId;
	readonly process: Process;
	/** Its part of the log. */
	readonly part: DelayingNode;
	readonly observer: Client;
	readonly seen: Message[];
	/**
	 * - `up`: clients may come.
	 * - `leaving`: it shuts down.
	 * - `gone`: the process has vanished, or is out.
	 */
	state: "up" | "leaving" | "gone";
	/** Whether its viewer may have seen what is lost by now. */
	hasSeenLost: boolean;
}

export function startNode(
	log: DelayingLog,
	options: GatewayOptions,
	replaces: readonly NodeId[] = [],
): ClusterNode {
	const host = createFakeHost();
	const createOrder = log.createOrder(host.defer, { isShared: true, replaces });
	const process = startProcess(createOrder, options, host);
	const observer = process.connect();
	observer.send({ type: "ping" });
	const id = process.gateway.nodeId;
	const part = log.nodes.find(({ node }) => node.id === id) as DelayingNode;
	const seen: Message[] = [];
	const state = "up";
	return { id, process, part, observer, seen, state, hasSeenLost: false };
}

/** Whether a client can reach it. */
export function isReachable({ state, part }: ClusterNode): boolean {
	return state === "up" && !part.isStalled;
}

/** Whether time passes for it. */
export function isRunning({ state, part }: ClusterNode): boolean {
	return state !== "gone" && !part.isStalled;
}

/** Takes what its viewer was sent. */
export function observe({ observer, seen }: ClusterNode): void {
	const texts = observer.socket.takeTexts();
	seen.push(...texts.map((text): Message => JSON.parse(text)));
}

export interface ClusterMember extends Speaker {
	node: ClusterNode | undefined;
	session: string | undefined;
	/** Whether it has seen what is lost by now. */
	hasSeenLost: boolean;
}

export interface Cluster {
	readonly log: DelayingLog;
	readonly options: GatewayOptions;
	/** Whether there is room for all, so that nothing is lost but what the log loses. */
	readonly hasRoom: boolean;
	readonly members: readonly ClusterMember[];
	/** Those that clients come to, of now. */
	readonly nodes: ClusterNode[];
	/** All that there were. */
	readonly all: ClusterNode[];
	/** To which nothing happens, and which has the history that others may lose. */
	watcher: ClusterNode;
	hasLost: boolean;
}
