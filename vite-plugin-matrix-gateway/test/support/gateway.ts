/** One running gateway for the tests of a suite, which each leave it empty. */
import { afterAll, afterEach, beforeAll } from "vitest";
import { type ConnectOptions, connect, type TestClient } from "./client.ts";
import { textFrame } from "./frames.ts";
import type { Host, HostOptions, RunningHost } from "./host.ts";
import { type Peer, upgradeRaw } from "./peer.ts";
import { until } from "./until.ts";

/** What `/api/gateway/status` answers, as far as tests read it. */
export interface Status {
	readonly status: string;
	readonly version: string;
	readonly world: string;
	readonly worlds: readonly string[];
	readonly uptime: number;
	readonly agents: readonly Readonly<Record<string, unknown>>[];
	readonly viewers: number;
	readonly connections: number;
	readonly nativeIo: object;
	readonly totals: Readonly<Record<string, number>>;
}

export interface TestGateway extends Omit<RunningHost, "stop"> {
	/** Connects; the test's end disconnects. */
	connect(options?: WhereToConnect): Promise<TestClient>;
	/** Connects and registers. */
	agent(agentId: string, role?: string, world?: string): Promise<TestClient>;
	/** Connects, and takes the greeting of a viewer. */
	viewer(options?: WhereToConnect): Promise<TestClient>;
	/** Upgrades a bare socket; the test's end destroys it. */
	raw(headers?: Record<string, string>): Promise<Peer>;
	/** Upgrades a bare socket and registers. */
	rawAgent(agentId: string): Promise<Peer>;
	/** Of the world `default`, or of another one. */
	status(world?: string): Promise<Status>;
}

export interface WhereToConnect extends ConnectOptions {
	readonly query?: string;
	/** By its name; without one the path is that of `default`. */
	readonly world?: string | undefined;
}

/** Starts a host before the suite's tests. After each of them nobody may be left. */
export function useGateway(host: Host, options: HostOptions = {}): TestGateway {
	let running: RunningHost;
	const endings: (() => void)[] = [];

	beforeAll(async () => {
		running = await host.start(options);
	});
	afterEach(async () => {
		for (const end of endings.splice(0)) end();
		for (const world of ["default", ...namesOf(options)])
			await until(() => status(world), isEmpty);
	});
	afterAll(() => running?.stop());

	async function status(world = "default"): Promise<Status> {
		const headers = options.token
			? { authorization: `Bearer ${options.token}` }
			: {};
		const url = `${running.httpUrl}/api/gateway/status?world=${world}`;
		const response = await fetch(url, { headers });
		return (await response.json()) as Status;
	}

	const gateway: TestGateway = {
		get url() {
			return running.url;
		},
		get httpUrl() {
			return running.httpUrl;
		},
		logs: () => running.logs(),
		status,
		async connect({ query = "", world, ...given } = {}) {
			const path = world === undefined ? "" : `/${world}`;
			const client = await connect(running.url + path + query, given);
			endings.push(() => client.socket.terminate());
			return client;
		},
		async agent(agentId, role, world) {
			const client = await gateway.connect({ ...withToken(options), world });
			await client.register(agentId, role);
			return client;
		},
		async viewer(given) {
			const client = await gateway.connect(given ?? withToken(options));
			// Its first message makes it a viewer at once; silence would take longer [REG4].
			client.send({ type: "ping" });
			await client.next("gateway_hello");
			await client.next("pong");
			return client;
		},
		async raw(headers) {
			const peer = await upgradeRaw(running.url, headers);
			endings.push(() => peer.socket.destroy());
			return peer;
		},
		async rawAgent(agentId) {
			const peer = await gateway.raw();
			peer.socket.write(textFrame({ type: "agent_register", agentId }));
			await peer.nextMessage("agent_registered");
			await peer.nextMessage("agent_joined");
			return peer;
		},
	};
	return gateway;
}

/** Where others share the order, an end has its place in it later than here. */
export function isEmpty({
	connections,
	agents,
}: Pick<Status, "connections" | "agents">): boolean {
	return connections === 0 && agents.every(({ state }) => state !== "online");
}

function namesOf({ worlds = [] }: HostOptions): readonly string[] {
	return worlds === "*" ? [] : worlds;
}

function withToken({ token }: HostOptions): ConnectOptions {
	return token ? { headers: { authorization: `Bearer ${token}` } } : {};
}
