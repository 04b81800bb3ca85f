/** When the worlds of a hub begin, end, and come back [WLD3, ORD13]. */
import type { RegrantHistory } from "../core/edge/regrant-history.ts";
import type { Gateway } from "../core/gateway.ts";
import type { EndReason } from "../core/order/order.ts";
import type { Grant } from "../core/protocol/grant.ts";
import type { ResolvedOptions } from "../core/protocol/options.ts";
import { DEFAULT_WORLD, isWorldName } from "../core/protocol/world-name.ts";
import type { NodeId } from "../core/world/command.ts";
import type { Refused } from "./access.ts";
import { createGatewayWith, tellOnStandardError } from "./create-gateway.ts";
import { passOn } from "./hub-grants.ts";
import type { HubEvent, HubOptions } from "./hub-options.ts";
import { type IdleWatch, watchIdle } from "./idle-watch.ts";
import type { NodeGateway } from "./node-gateway.ts";
import { quietly } from "./quietly.ts";
import type { SharedParts } from "./shared-parts.ts";
import { shareUnfinished } from "./unfinished-messages.ts";
import { removeBlank, worldFolder } from "./world-folder.ts";
import { NO_WORLD } from "./worlds.ts";
import type { ResolvedWorlds } from "./worlds-options.ts";

export interface HubWorlds {
	/** Those that are there now. */
	readonly gateways: ReadonlyMap<string, NodeGateway>;
	/** Whether there may be a world of this name. */
	has(name: string): boolean;
	/** Begins those that are there from the start, and those that were left. */
	beginAll(): void;
	/** The gateway of a world, which is made where it is not there; or why it cannot be. */
	enter(name: string): Promise<NodeGateway | Refused>;
	/** As `Gateway.judgeWaiting`, for those that are there and those that begin later. */
	judgeWaiting: Gateway["judgeWaiting"];
	readonly isEnding: boolean;
	/** Ends all of them in one way; none begins from then on. */
	endAll(how: WayToEnd): Promise<void>;
}

export type WayToEnd = (gateway: NodeGateway, name: string) => Promise<void>;

export interface HubWorldsParts extends ResolvedWorlds {
	readonly options: HubOptions;
	/** What the account of unfinished messages is for, which all worlds share. */
	readonly limits: ResolvedOptions;
	readonly shared: SharedParts;
	/** Told of each token that has come to allow another thing. */
	readonly history: Pick<RegrantHistory, "add">;
	tell(event: HubEvent): void;
}

export function createHubWorlds(parts: HubWorldsParts): HubWorlds {
	const { options, limits, shared, history, tell } = parts;
	const { fixed, isOpen, maxWorlds, worldIdle } = parts;
	const { onBroken = tellOnStandardError } = options;
	const { onUnfit = tellOnStandardError } = options;
	const left = new Map(options.left);
	const gateways = new Map<string, NodeGateway>();
	const idles = new Map<string, IdleWatch>();
	const endings = new Map<string, Promise<void>>();
	const sources = new Set<Parameters<Gateway["judgeWaiting"]>[0]>();
	let isEnding = false;

	function has(name: string): boolean {
		return fixed.has(name) || (isOpen && isWorldName(name));
	}

	function folderOf(name: string): string | undefined {
		return options.data && worldFolder(options.data, name);
	}

	function passOnHere(key: string, grant: Grant | null): void {
		history.add(key);
		passOn(gateways, key, grant);
	}

	/** @param replaces The node that was in its place, where others went on without that [ORD13]. */
	function begin(name: string, replaces?: NodeId): NodeGateway {
		const isDefault = name === DEFAULT_WORLD;
		const data = folderOf(name);
		const given = {
			...shared,
			name,
			...(isDefault && { onRegranted: passOnHere }),
		};
		const gateway = createGatewayWith(given, {
			...options,
			...(data !== undefined && { data }),
			...(replaces !== undefined && { replaces: [replaces] }),
			worldName: name,
			world: left.get(name),
			onBroken: (error) => onBroken(error, name),
			onEnded: (reason) => replace(name, gateway, reason),
			onEvent(event) {
				tell(isDefault ? event : { ...event, world: name });
				if (MAY_EMPTY.has(event.event)) idles.get(name)?.stir();
			},
		});
		// What it bounds is this process's memory, and whose world a message is for says nobody before.
		shareUnfinished(gateway, limits);
		left.delete(name);
		gateways.set(name, gateway);
		for (const find of sources) gateway.judgeWaiting(find);
		if (!fixed.has(name)) watch(name, gateway);
		return gateway;
	}

	function replace(name: string, old: NodeGateway, reason: EndReason): void {
		if (isEnding || gateways.get(name) !== old) return;
		idles.get(name)?.stop();
		if (reason.code === "options") {
			quietly(() => onUnfit(reason.message, name));
			return;
		}
		try {
			begin(name, old.nodeId);
		} catch (error) {
			quietly(() => onBroken(error, name));
		}
	}

	/** Ends a world that was made at its first use when nobody is in it. */
	function watch(name: string, gateway: NodeGateway): void {
		const ended = () => void endings.set(name, end(name, gateway));
		idles.set(name, watchIdle(gateway, worldIdle, ended));
	}

	function beginAtUse(name: string): NodeGateway {
		const gateway = begin(name);
		tell({ event: "worldBegun", world: name });
		return gateway;
	}

	async function end(name: string, gateway: NodeGateway): Promise<void> {
		gateways.delete(name);
		idles.delete(name);
		const folder = folderOf(name);
		try {
			if (folder === undefined) await gateway.close();
			else removeBlank(folder, await gateway.handOver());
		} catch {
			// What it has kept is as it was before.
		}
		endings.delete(name);
		tell({ event: "worldEnded", world: name });
	}

	async function endAll(how: WayToEnd): Promise<void> {
		isEnding = true;
		for (const idle of idles.values()) idle.stop();
		idles.clear();
		const all = [...gateways].map(([name, gateway]) => how(gateway, name));
		await Promise.all([...all, ...endings.values()]);
	}

	return {
		gateways,
		has,
		beginAll() {
			for (const name of fixed) begin(name);
			for (const name of [...left.keys()].filter(has)) beginAtUse(name);
			left.clear();
		},
		async enter(name) {
			// Two gateways of one world would be in each other's way.
			while (endings.has(name)) await endings.get(name);
			const there = gateways.get(name);
			if (there) return there;
			if (!has(name)) return { status: 404, reason: NO_WORLD };
			if (isEnding) return { status: 503, reason: ENDING };
			if (idles.size >= maxWorlds) return { status: 503, reason: FULL };
			try {
				return beginAtUse(name);
			} catch (error) {
				const reason = "the world could not be made, try again";
				return { status: 503, reason, error };
			}
		},
		judgeWaiting(find) {
			// Who serves one file at several places tells of it at each.
			if (sources.has(find)) return;
			sources.add(find);
			for (const gateway of gateways.values()) gateway.judgeWaiting(find);
		},
		get isEnding() {
			return isEnding;
		},
		endAll,
	};
}

const ENDING = "all worlds are about to end, try again";

const FULL = "there are as many worlds as there may be, try again";

/** After which nobody may be in a world any more. */
const MAY_EMPTY: ReadonlySet<string> = new Set(["disconnected", "left"]);
