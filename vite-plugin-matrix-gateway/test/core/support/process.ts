/** Gateways that come one after the other, each in a process of its own. */
import {
	createGateway,
	type Gateway,
	type Refresh,
} from "../../../src/core/gateway.ts";
import type { CreateOrder, EndReason } from "../../../src/core/order/order.ts";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import { type Client, createClient, type Message } from "./client.ts";
import { createFakeHost, type FakeHost } from "./host.ts";

export interface Process {
	readonly gateway: Gateway;
	readonly host: FakeHost;
	/** Errors of the gateway's own. */
	readonly broken: unknown[];
	/** Why it was told that it is out of its world. */
	readonly ended: EndReason[];
	connect(grant?: Grant, refresh?: Refresh): Client;
	/** A connection that registers a name, and what it is sent at first. */
	join(agentId: string, resume?: unknown): Arrival;
}

export interface Arrival {
	readonly client: Client;
	/** The answer to its registration. */
	readonly ack: Message;
	/** What came after it. */
	readonly rest: readonly Message[];
}

let count = 0;

/** Each draws its own ids, as processes do. */
export function startProcess(
	createOrder?: CreateOrder,
	options?: GatewayOptions,
	host = createFakeHost(),
): Process {
	const broken: unknown[] = [];
	const ended: EndReason[] = [];
	const prefix = `process-${++count}`;
	const { randomId, randomSecret } = host;
	Object.assign(host, {
		onBroken: (error: unknown) => broken.push(error),
		onEnded: (reason: EndReason) => ended.push(reason),
		randomId: () => `${prefix}-${randomId()}`,
		randomSecret: () => `${prefix}-${randomSecret()}`,
	});
	const gateway = createGateway(
		host,
		{ flushWindow: 0, heartbeatInterval: 0, ...options },
		createOrder,
	);
	const connect = (grant?: Grant, refresh?: Refresh) =>
		createClient(gateway, host, grant, undefined, undefined, refresh);
	return {
		...{ gateway, host, broken, ended, connect },
		join(agentId, resume) {
			const client = connect();
			client.send({ type: "agent_register", agentId, resume });
			const [ack, ...rest] = client.messages();
			return { client, ack: ack as Message, rest };
		},
	};
}
