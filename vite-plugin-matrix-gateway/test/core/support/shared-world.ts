/** Gateways that share a world by a delaying log. */
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import type { NodeId } from "../../../src/core/world/command.ts";
import type { Message } from "./client.ts";
import {
	createDelayingLog,
	createRandom,
	type DelayingLog,
	type DelayingNode,
} from "./delaying-order.ts";
import { createFakeHost } from "./host.ts";
import { type Process, startProcess } from "./process.ts";

export interface SharedWorld {
	readonly log: DelayingLog;
	/** One more node, which is to have read all that there is. */
	start(options?: GatewayOptions, replaces?: readonly NodeId[]): Process;
	/** One more node, which has read nothing yet. */
	startBehind(options?: GatewayOptions, replaces?: readonly NodeId[]): Process;
	/** Brings all that is on its way to everyone, and ends everyone's turn. */
	settle(): void;
	/** Lets time pass for everyone. */
	advance(milliseconds: number): void;
	/** A node's part of the log. */
	nodeOf(process: Process): DelayingNode;
	/** A connection that has registered, with what it was answered. */
	join(
		process: Process,
		agentId: string,
		resume?: unknown,
		grant?: Grant,
	): { readonly client: ReturnType<Process["connect"]>; readonly ack: Message };
}

export function createSharedWorld(seed = 1): SharedWorld {
	const log = createDelayingLog(createRandom(seed));
	const processes: Process[] = [];

	function settle(): void {
		for (let round = 0; round < 3; round++) {
			log.settle();
			for (const { host } of processes) host.turn();
		}
	}

	function startBehind(
		options?: GatewayOptions,
		replaces: readonly NodeId[] = [],
	): Process {
		const host = createFakeHost();
		const given = { isShared: true, replaces } as const;
		const createOrder = log.createOrder(host.defer, given);
		const process = startProcess(createOrder, options, host);
		processes.push(process);
		return process;
	}

	return {
		log,
		settle,
		startBehind,
		start(options, replaces) {
			const process = startBehind(options, replaces);
			settle();
			return process;
		},
		advance(milliseconds) {
			for (const { host } of processes) host.advance(milliseconds);
			settle();
		},
		nodeOf: ({ gateway }) =>
			log.nodes.find(({ node }) => node.id === gateway.nodeId) as DelayingNode,
		join(process, agentId, resume, grant) {
			const client = process.connect(grant);
			client.send({ type: "agent_register", agentId, resume });
			settle();
			const [ack] = client.messages();
			return { client, ack: ack as Message };
		},
	};
}
