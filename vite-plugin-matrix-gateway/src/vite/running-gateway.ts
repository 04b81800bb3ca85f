/** A gateway on one of Vite's servers. */
import type { Logger, PreviewServer, ViteDevServer } from "vite";
import packageJson from "../../package.json" with { type: "json" };
import type { WorldSnapshot } from "../core/world/snapshot.ts";
import type { AccessOptions } from "../node/access.ts";
import { attach, type UpgradeServer } from "../node/attach.ts";
import {
	createGateway,
	type NodeGatewayOptions,
} from "../node/create-gateway.ts";
import { createHttpHandler, type NodeHandler } from "../node/http.ts";
import type { NodeGateway } from "../node/node-gateway.ts";
import { DataError } from "../node/order/data-error.ts";
import { tellBroken } from "./broken.ts";
import { logEvent, logRefused } from "./logging.ts";
import {
	dataFolderOf,
	type MatrixGatewayOptions,
	pathOf,
	pathsOf,
} from "./options.ts";
import { closeOnSignals } from "./signals.ts";

const { version } = packageJson;

/** A gateway that answers upgrades and requests, and what ends it. */
export interface RunningGateway {
	/** Answers `HTTP_PATHS`. */
	readonly handle: NodeHandler;
	/** Closes all connections, and refuses new ones from then on. A second call waits for the first. */
	close(reason: "shutdown" | "restart"): Promise<void>;
	/** Closes all connections for a restart, and leaves the world to the next gateway on its path. */
	leaveWorld(): Promise<LeftWorld | undefined>;
	/** Stops listening to the server. */
	leave(): void;
}

/** What one gateway has left for another. */
export interface LeftWorld {
	readonly path: string;
	/** Of the package: another one may remember otherwise. */
	readonly version: string;
	readonly world: WorldSnapshot;
}

/** Milliseconds. A client that does not answer holds up a restart, so it gets less time than in production. */
const STOP_TIMEOUT = 1_000;

/** Starts a gateway on a server of Vite's. */
export function startGateway(
	server: ViteDevServer | PreviewServer,
	upgradeServer: UpgradeServer,
	options: MatrixGatewayOptions,
	access: AccessOptions,
	left: readonly LeftWorld[] = [],
): RunningGateway {
	const { logger, base } = server.config;
	const path = pathOf(options);
	const { data: _, ...rest } = options;
	const data = dataFolderOf(options, server.config, !("ws" in server));
	const inMemory: NodeGatewayOptions = {
		...rest,
		world: left.find((one) => one.path === path && one.version === version)
			?.world,
		onEvent: logEvent(logger, options.log ?? true),
		onBroken: (error) => tellBroken(logger, overlayOf(server), error),
	};
	const gateway = createKept(logger, inMemory, data);
	const detach = attach(upgradeServer, gateway, {
		...access,
		paths: pathsOf(options, base),
		onRefused: (refused) => logRefused(logger, refused),
	});
	const close = (reason: "shutdown" | "restart") =>
		gateway.close({ reason, timeout: STOP_TIMEOUT });
	const release = closeOnSignals(() => close("shutdown"));
	return {
		handle: createHttpHandler(gateway, access),
		close,
		async leaveWorld() {
			const world = await gateway.handOver({
				reason: "restart",
				timeout: STOP_TIMEOUT,
			});
			return world && { path, version, world };
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
	inMemory: NodeGatewayOptions,
	data: string | undefined,
): NodeGateway {
	if (data === undefined) return createGateway(inMemory);
	try {
		return createGateway({ ...inMemory, data });
	} catch (error) {
		if (!(error instanceof DataError)) throw error;
		logger.error(
			`[matrix] ${error.message}: the world is kept in memory alone`,
			{ timestamp: true },
		);
		return createGateway(inMemory);
	}
}

/** Built pages have none. */
function overlayOf(server: ViteDevServer | PreviewServer) {
	return "ws" in server ? server.ws : undefined;
}
