/** A gateway with its clients; each is ended, and found without a timer left, after its test. */
import { expect } from "vitest";
import {
	createGateway,
	type Gateway,
	type Refresh,
} from "../../../src/core/gateway.ts";
import type { Grant } from "../../../src/core/protocol/grant.ts";
import type { GatewayOptions } from "../../../src/core/protocol/options.ts";
import { DEFAULTS } from "../../../src/core/protocol/protocol.ts";
import { MAX_TICK } from "../../../src/core/world/detach.ts";
import { type Client, createClient } from "./client.ts";
import { createDelayingLog, createRandom } from "./delaying-order.ts";
import { createTestFileOrder } from "./file-order.ts";
import { createFakeHost, type FakeHost } from "./host.ts";
import { createTestRedisOrder } from "./redis/order.ts";
import { nextSeed, worlds } from "./worlds.ts";

export interface World {
	readonly gateway: Gateway;
	readonly host: FakeHost;
	/** A new connection, of a client that offers compression or does not [CMP1]. */
	connect(grant?: Grant, compresses?: boolean, refresh?: Refresh): Client;
	/** A connection that has registered; its ack and its own joined are taken. */
	agent(agentId: string, role?: string, grant?: Grant): Client;
	/** A connection that has been silent until it became a viewer; its greeting is taken. */
	viewer(grant?: Grant): Client;
	/** Takes all that anyone has been sent so far. */
	forget(): void;
	/** Closes everyone, and expects that nothing is left. */
	end(): void;
}

/** The same tests hold whatever the order is (see vitest.config.ts) [LOG3]. */
const isDelaying = process.env.MATRIX_TEST_ORDER === "delaying";
const isRedis = process.env.MATRIX_TEST_ORDER === "redis";
const isFile = process.env.MATRIX_TEST_ORDER === "file";

/** Whether what is appended has its place at once. */
export const isImmediate = !isDelaying && !isRedis;

/** Starts a gateway that flushes at the end of each turn, so that no time passes where none is asked for. */
export function createWorld(
	options: GatewayOptions = {},
	host: FakeHost = createFakeHost(),
): World {
	const log = isDelaying
		? createDelayingLog(createRandom(nextSeed()))
		: undefined;
	const given = { flushWindow: 0, ...options };
	const file = isFile ? createTestFileOrder(given) : undefined;
	const redis = isRedis ? createTestRedisOrder(given, host.defer) : undefined;
	const settle = () => {
		log?.settle();
		redis?.settle();
	};
	const inner = createGateway(
		host,
		given,
		log?.createOrder(host.defer) ?? file?.createOrder ?? redis?.createOrder,
	);
	settle();
	const gateway: Gateway = {
		...inner,
		get draining() {
			return inner.draining;
		},
		get regrants() {
			return inner.regrants;
		},
		close(options) {
			const closed = inner.close(options);
			settle();
			return closed;
		},
		status() {
			settle();
			return inner.status();
		},
		meters() {
			settle();
			return inner.meters();
		},
	};
	const clients: Client[] = [];

	function connect(
		grant?: Grant,
		compresses?: boolean,
		refresh?: Refresh,
	): Client {
		// What was sent before somebody came has its place before.
		settle();
		const given = [grant, compresses, settle, refresh] as const;
		const client = createClient(gateway, host, ...given);
		clients.push(client);
		return client;
	}

	function forget(): void {
		host.turn();
		for (const { socket } of clients) socket.takeTexts();
	}

	const world: World = {
		gateway,
		host,
		connect,
		agent(agentId, role, grant) {
			const client = connect(grant);
			client.register(agentId, role);
			client.messages();
			return client;
		},
		viewer(grant) {
			const client = connect(grant);
			host.advance(options.registerTimeout ?? DEFAULTS.registerTimeout);
			client.messages();
			return client;
		},
		forget,
		end() {
			worlds.delete(world);
			for (const client of clients) client.close();
			host.turn();
			// Detached sessions expire.
			host.advance(options.resumeWindow ?? DEFAULTS.resumeWindow);
			host.advance(Math.max(options.flushWindow ?? 0, MAX_TICK));
			expect(gateway.status().connections).toBe(0);
			expect(gateway.status().agents).toEqual([]);
			expect(host.timers, "timers left").toBe(0);
			file?.end();
			redis?.end();
		},
	};
	worlds.add(world);
	return world;
}

/** What is sent last, to prove that nothing came before it. */
export const MARKER = { type: "marker" };
