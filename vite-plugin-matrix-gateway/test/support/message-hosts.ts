/** The gateway's hosts for suites that speak of messages alone: those on a network, and one that is on none. */
import { afterAll, afterEach, beforeAll } from "vitest";
import { connect, createMessageClient, type MessageClient } from "./client.ts";
import { isEmpty, type Status } from "./gateway.ts";
import type { Host, HostOptions } from "./host.ts";
import { HOSTS } from "./hosts.ts";
import { createMemoryHost } from "./memory-host.ts";
import { LONG_SILENCE } from "./silence.ts";
import { until } from "./until.ts";

/** What a gateway tells of itself, whatever its host. */
export type Counts = Omit<Status, "version">;

/** A host that serves. */
export interface MessageGateway {
	connect(): Promise<MessageClient>;
	status(): Promise<Counts>;
	/** Shuts it down, as an operator would. */
	stop(): Promise<unknown>;
}

export interface MessageHost {
	readonly name: string;
	/** See `Host`. */
	readonly isShared?: true;
	start(options?: HostOptions): Promise<MessageGateway>;
}

export const MESSAGE_HOSTS: readonly MessageHost[] = [
	...HOSTS.map(overWebSockets),
	{ name: "a host in memory", start: inMemory },
];

/** The clients of a suite's tests. */
export interface Conversations extends Omit<MessageGateway, "stop"> {
	/** Connects and registers. */
	agent(agentId: string, role?: string): Promise<MessageClient>;
	/** Connects, and takes the greeting of a viewer. */
	viewer(): Promise<MessageClient>;
}

/** Starts a host before the suite's tests. After each of them nobody may be left. */
export function useMessages(
	host: MessageHost,
	options: HostOptions = {},
): Conversations {
	let gateway: MessageGateway;
	const clients: MessageClient[] = [];

	beforeAll(async () => {
		gateway = await host.start(options);
	});
	afterEach(async () => {
		for (const client of clients.splice(0)) client.terminate();
		await until(gateway.status, isEmpty);
	});
	afterAll(() => gateway?.stop());

	async function open(): Promise<MessageClient> {
		const client = await gateway.connect();
		clients.push(client);
		return client;
	}

	return {
		connect: open,
		status: () => gateway.status(),
		async agent(agentId, role) {
			const client = await open();
			await client.register(agentId, role);
			return client;
		},
		async viewer() {
			const client = await open();
			// Its first message makes it a viewer at once; silence would take longer [REG4].
			client.send({ type: "ping" });
			await client.next("gateway_hello");
			await client.next("pong");
			return client;
		},
	};
}

function overWebSockets({ start, ...host }: Host): MessageHost {
	return {
		...host,
		async start(options) {
			const { url, httpUrl, stop } = await start(options);
			return {
				connect: () => connect(url),
				async status() {
					const answer = await fetch(`${httpUrl}/api/gateway/status`);
					return (await answer.json()) as Status;
				},
				stop,
			};
		},
	};
}

async function inMemory(options: HostOptions = {}): Promise<MessageGateway> {
	const host = createMemoryHost({ registerTimeout: LONG_SILENCE, ...options });
	return {
		connect: async () => createMessageClient(host.connect()),
		status: async () => host.gateway.status() as unknown as Counts,
		stop: () => host.gateway.close(),
	};
}
