/** A gateway on one of Vite's servers. */
import { resolve } from "node:path";
import type { Logger, PreviewServer, ViteDevServer } from "vite";
import packageJson from "../../package.json" with { type: "json" };
import type { LeftAgents } from "../agents/agents.ts";
import type { WorldSnapshot } from "../core/world/snapshot.ts";
import type { AccessOptions } from "../node/access.ts";
import { speakAsOf } from "../node/access-options.ts";
import {
	type AttachOptions,
	attach,
	type UpgradeServer,
} from "../node/attach.ts";
import type { LimitOptions } from "../node/connection-limits.ts";
import { createHttpHandler, type NodeHandler } from "../node/http.ts";
import { createHub, type Hub } from "../node/hub.ts";
import type { HubOptions } from "../node/hub-options.ts";
import { DataError } from "../node/order/data-error.ts";
import { startViteAgents } from "./agents/lazy.ts";
import { resolveAgents } from "./agents/options.ts";
import { tellBroken } from "./broken.ts";
import { consoleOf } from "./console.ts";
import { logEvent, logOperated, logRefused, logTokens } from "./logging.ts";
import { mcpOf } from "./mcp.ts";
import {
	dataFolderOf,
	type MatrixGatewayOptions,
	pathOf,
	pathsOf,
} from "./options.ts";
import { closeOnSignals } from "./signals.ts";

const { version } = packageJson;

/** A gateway, with all its worlds, that answers upgrades and requests, and what ends it. */
export interface RunningGateway {
	/** Answers the paths of `httpPathsOf`. */
	readonly handle: NodeHandler;
	/** Closes all connections, and refuses new ones from then on. A second call waits for the first. */
	close(reason: "shutdown" | "restart"): Promise<void>;
	/** Closes all connections for a restart, and leaves the worlds to the next gateway on its path. */
	leaveWorlds(): Promise<LeftWorlds>;
	/** Stops listening to the server. */
	leave(): void;
}

/** What one gateway has left for another. */
export interface LeftWorlds {
	readonly path: string;
	/** Of the package: another one may remember otherwise. */
	readonly version: string;
	/** By their names. */
	readonly worlds: ReadonlyMap<string, WorldSnapshot>;
	readonly agents: LeftAgents | undefined;
}

/** Milliseconds. A client that does not answer holds up a restart, so it gets less time than in production. */
const STOP_TIMEOUT = 1_000;

/** Starts a gateway on a server of Vite's. */
export function startGateway(
	server: ViteDevServer | PreviewServer,
	upgradeServer: UpgradeServer,
	options: MatrixGatewayOptions,
	access: AccessOptions & LimitOptions,
	left: readonly LeftWorlds[] = [],
): RunningGateway {
	const { logger, base } = server.config;
	const path = pathOf(options);
	const { data: _, ...rest } = options;
	const data = dataFolderOf(options, server.config, !("ws" in server));
	const before = left.find(
		(one) => one.path === path && one.version === version,
	);
	const inMemory: HubOptions = {
		...rest,
		...speakAsOf({ ...rest, ...access }),
		left: before?.worlds,
		onEvent: logEvent(logger, options.log ?? true),
		onBroken: (error) => tellBroken(logger, overlayOf(server), error),
	};
	const { hub, folder } = createKept(logger, inMemory, data);
	const rules = withTokens(server, access);
	const detach = attachOrClose(upgradeServer, hub, {
		...rules,
		paths: pathsOf(options, base),
		onRefused: (refused) => logRefused(logger, refused),
	});
	const ownAgents = resolveAgents(options.agents);
	const agents =
		ownAgents && startViteAgents(server, hub, ownAgents, before?.agents);
	const close = (reason: "shutdown" | "restart") =>
		hub.close({ reason, timeout: STOP_TIMEOUT });
	const release = closeOnSignals(() => close("shutdown"), agents?.leave);
	return {
		handle: createHttpHandler(hub, {
			...{ ...rules, ...mcpOf(logger, options) },
			...consoleOf(server, options, folder),
			onOperated: (operated) => logOperated(logger, operated),
		}),
		async close(reason) {
			await agents?.leave();
			await close(reason);
		},
		async leaveWorlds() {
			const left = await agents?.handOver();
			const worlds = await hub.handOver({
				reason: "restart",
				timeout: STOP_TIMEOUT,
			});
			return { path, version, worlds, agents: left };
		},
		leave() {
			detach();
			release();
		},
	};
}

/** A folder that cannot be used, as that of another Vite that runs, is told, and stops nobody's work. */
function createKept(
	logger: Logger,
	inMemory: HubOptions,
	data: string | undefined,
): { readonly hub: Hub; readonly folder?: string } {
	if (data === undefined) return { hub: createHub(inMemory) };
	try {
		return { hub: createHub({ ...inMemory, data }), folder: data };
	} catch (error) {
		if (!(error instanceof DataError)) throw error;
		logger.error(
			`[matrix] ${error.message}: the world is kept in memory alone`,
			{ timestamp: true },
		);
		return { hub: createHub(inMemory) };
	}
}

/** The file of tokens is a path from Vite's root, and what becomes of it is printed. */
function withTokens(
	{ config }: ViteDevServer | PreviewServer,
	access: AccessOptions & LimitOptions,
): AccessOptions & LimitOptions {
	const { tokens, onTokens = logTokens(config.logger) } = access;
	if (tokens === undefined) return access;
	return { ...access, tokens: resolve(config.root, tokens), onTokens };
}

/** A hub whose paths are another's serves nobody, and is not to keep its folders. */
function attachOrClose(
	server: UpgradeServer,
	hub: Hub,
	options: AttachOptions,
): () => void {
	try {
		return attach(server, hub, options);
	} catch (error) {
		void hub.close();
		throw error;
	}
}

/** Built pages have none. */
function overlayOf(server: ViteDevServer | PreviewServer) {
	return "ws" in server ? server.ws : undefined;
}
