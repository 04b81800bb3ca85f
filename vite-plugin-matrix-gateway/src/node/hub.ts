/** Many worlds in one process, each with a gateway of its own [WLD]. */
import { resolveShutdown, type ShutdownOptions } from "../core/edge/drain.ts";
import type { OrderHealth } from "../core/order/order.ts";
import { resolveOptions } from "../core/protocol/options.ts";
import { DEFAULT_WORLD, isWorldName } from "../core/protocol/world-name.ts";
import type { WorldSnapshot } from "../core/world/snapshot.ts";
import type { Refused } from "./access.ts";
import { createGatewayWith, tellOnStandardError } from "./create-gateway.ts";
import type { HubEvent, HubOptions } from "./hub-options.ts";
import { type IdleWatch, watchIdle } from "./idle-watch.ts";
import type { NodeGateway } from "./node-gateway.ts";
import { quietly } from "./quietly.ts";
import { createSharedParts } from "./shared-parts.ts";
import { shareUnfinished } from "./unfinished-messages.ts";
import { removeBlank, worldFolder } from "./world-folder.ts";
import { NO_WORLD, type Worlds } from "./worlds.ts";
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
	const { fixed, isOpen, maxWorlds, worldIdle } = resolveWorlds(options);
	const { onEvent, onBroken = tellOnStandardError } = options;
	const limits = resolveOptions(options);
	const left = new Map(options.left);
	const tell = (event: HubEvent) => quietly(() => onEvent?.(event));
	const shared = createSharedParts(options, (reason) =>
		queueMicrotask(() => tell({ event: "nativeIo", reason })),
	);
	const gateways = new Map<string, NodeGateway>();
	const idles = new Map<string, IdleWatch>();
	const endings = new Map<string, Promise<void>>();
	let isDraining = false;

	function has(name: string): boolean {
		return fixed.has(name) || (isOpen && isWorldName(name));
	}

	function folderOf(name: string): string | undefined {
		return options.data && worldFolder(options.data, name);
	}

	function begin(name: string): NodeGateway {
		const isDefault = name === DEFAULT_WORLD;
		const data = folderOf(name);
		const gateway = createGatewayWith(shared, {
			...options,
			...(data !== undefined && { data }),
			world: left.get(name),
			onBroken: (error) => onBroken(error, name),
			onEvent(event) {
				tell(isDefault ? event : { ...event, world: name });
				if (MAY_EMPTY.has(event.event)) idles.get(name)?.stir();
			},
		});
		// What it bounds is this process's memory, and whose world a message is for says nobody before.
		shareUnfinished(gateway, limits);
		left.delete(name);
		gateways.set(name, gateway);
		return gateway;
	}

	/** Makes a world that goes when nobody is in it. */
	function beginAtUse(name: string): NodeGateway {
		const gateway = begin(name);
		const ended = () => void endings.set(name, end(name, gateway));
		idles.set(name, watchIdle(gateway, worldIdle, ended));
		tell({ event: "worldBegun", world: name });
		return gateway;
	}

	async function end(name: string, gateway: NodeGateway): Promise<void> {
		gateways.delete(name);
		idles.delete(name);
		const folder = folderOf(name);
		try {
			const world = await gateway.handOver();
			if (folder && world) removeBlank(folder, world);
		} catch {
			// What it has kept is as it was before.
		}
		endings.delete(name);
		tell({ event: "worldEnded", world: name });
	}

	function beginAll(): void {
		try {
			for (const name of fixed) begin(name);
			for (const name of [...left.keys()].filter(has)) beginAtUse(name);
			left.clear();
		} catch (error) {
			// Those that are there already have their folders.
			void endAll((gateway) => gateway.close());
			throw error;
		}
	}

	async function endAll<Result>(
		how: (gateway: NodeGateway, name: string) => Promise<Result>,
	): Promise<void> {
		isDraining = true;
		for (const idle of idles.values()) idle.stop();
		idles.clear();
		const all = [...gateways].map(([name, gateway]) => how(gateway, name));
		await Promise.all([...all, ...endings.values()]);
	}

	beginAll();
	const served = () => [...fixed].flatMap((name) => gateways.get(name) ?? []);

	const hub: Hub = {
		maxPayload: limits.maxPayload,
		maxUnfinishedBytes: limits.maxUnfinishedBytes,
		closeTimeout: limits.closeTimeout,
		flushWindow: limits.flushWindow,
		compresses: shared.compress !== undefined,
		gateways,
		has,
		async enter(name): Promise<NodeGateway | Refused> {
			// Two gateways of one world would be in each other's way.
			while (endings.has(name)) await endings.get(name);
			const there = gateways.get(name);
			if (there) return there;
			if (!has(name)) return { status: 404, reason: NO_WORLD };
			if (idles.size >= maxWorlds) return { status: 503, reason: FULL };
			try {
				return beginAtUse(name);
			} catch (error) {
				const reason = "the world could not be made, try again";
				return { status: 503, reason, error };
			}
		},
		get draining() {
			return isDraining;
		},
		get ready() {
			return !isDraining && served().every(({ ready }) => ready);
		},
		get health() {
			const all = served().map(({ health }) => health);
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
			const worlds = new Map<string, WorldSnapshot>();
			await endAll(async (gateway, name) => {
				const world = await gateway.handOver(options);
				if (world) worlds.set(name, world);
			});
			return worlds;
		},
	};
	// Those who are let into no world are bounded with the others.
	shareUnfinished(hub, limits);
	return hub;
}

const FULL = "there are as many worlds as there may be, try again";

/** After which nobody may be in a world any more. */
const MAY_EMPTY: ReadonlySet<string> = new Set(["disconnected", "left"]);
