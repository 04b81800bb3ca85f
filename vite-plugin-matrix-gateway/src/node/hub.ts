/** Many worlds in one process, each with a gateway of its own [WLD]. */
import { resolveShutdown, type ShutdownOptions } from "../core/edge/drain.ts";
import { createRegrantHistory } from "../core/edge/regrant-history.ts";
import type { OrderHealth } from "../core/order/order.ts";
import { resolveOptions } from "../core/protocol/options.ts";
import type { WorldSnapshot } from "../core/world/snapshot.ts";
import { createHubGrants } from "./hub-grants.ts";
import type { HubEvent, HubOptions } from "./hub-options.ts";
import { createHubWorlds, type HubWorlds } from "./hub-worlds.ts";
import type { NodeGateway } from "./node-gateway.ts";
import { quietly } from "./quietly.ts";
import { createSharedParts } from "./shared-parts.ts";
import { shareUnfinished } from "./unfinished-messages.ts";
import type { Worlds } from "./worlds.ts";
import { resolveWorlds } from "./worlds-options.ts";

/** The worlds of a process. `attach` and `createHttpHandler` take it as they take a gateway. */
export interface Hub extends Worlds<NodeGateway> {
	/** Closes all worlds at once, as `Gateway.close` does one. */
	close(options?: ShutdownOptions): Promise<void>;
	/** Closes all worlds as `close` does, but ends nothing: resolves to them, for a hub that goes on. */
	handOver(options?: ShutdownOptions): Promise<Map<string, WorldSnapshot>>;
}

/**
 * Creates a hub, and the worlds that are there from the start. With `data` each of them beside
 * `default` has a folder of its own below it.
 *
 * @example
 * import { createServer } from "node:http";
 * import { attach, createHub } from "vite-plugin-matrix-gateway/server";
 *
 * const hub = createHub({ worlds: ["garden", "plaza"] });
 * const server = createServer();
 * attach(server, hub); // at /ws/matrix, /ws/matrix/garden and /ws/matrix/plaza
 * server.listen(8765);
 *
 * @throws TypeError where `worlds` holds what is no name.
 * @throws RangeError when an option is out of range.
 * @throws DataError when a folder is in use, cannot be used, or is of a newer version.
 */
export function createHub(options: HubOptions = {}): Hub {
	const resolved = resolveWorlds(options);
	const limits = resolveOptions(options);
	const tell = (event: HubEvent) => quietly(() => options.onEvent?.(event));
	const shared = createSharedParts(options, (reason) =>
		queueMicrotask(() => tell({ event: "nativeIo", reason })),
	);
	const history = createRegrantHistory();
	const parts = { options, limits, shared, history, tell };
	const worlds = createHubWorlds({ ...resolved, ...parts });
	beginAll(worlds);
	const { gateways, has, enter, judgeWaiting, endAll } = worlds;
	const fixed = () =>
		[...resolved.fixed].flatMap((name) => gateways.get(name) ?? []);

	const grants = createHubGrants(gateways, history);

	const hub: Hub = {
		maxPayload: limits.maxPayload,
		maxUnfinishedBytes: limits.maxUnfinishedBytes,
		closeTimeout: limits.closeTimeout,
		flushWindow: limits.flushWindow,
		compresses: shared.compress !== undefined,
		...{ gateways, has, enter, judgeWaiting },
		...grants,
		get regrants() {
			return grants.regrants;
		},
		get draining() {
			return worlds.isEnding;
		},
		get ready() {
			return !worlds.isEnding && fixed().every(({ ready }) => ready);
		},
		get health() {
			const all = fixed().map(({ health }) => health);
			const find = (state: OrderHealth["state"]) =>
				all.find((health) => health?.state === state);
			return find("behind") ?? find("degraded") ?? all[0];
		},
		async close(options) {
			resolveShutdown(options);
			await endAll((gateway) => gateway.close(options));
		},
		async handOver(options) {
			resolveShutdown(options);
			const left = new Map<string, WorldSnapshot>();
			await endAll(async (gateway, name) => {
				const world = await gateway.handOver(options);
				if (world) left.set(name, world);
			});
			return left;
		},
	};
	// Those who are let into no world are bounded with the others.
	shareUnfinished(hub, limits);
	return hub;
}

function beginAll(worlds: HubWorlds): void {
	try {
		worlds.beginAll();
	} catch (error) {
		// Those that have begun already have their folders.
		void worlds.endAll((gateway) => gateway.close());
		throw error;
	}
}
