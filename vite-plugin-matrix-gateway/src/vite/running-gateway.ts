/** A gateway on one of Vite's servers. */
import type { PreviewServer, ViteDevServer } from "vite";
import type { AccessOptions } from "../node/access.ts";
import { attach, type UpgradeServer } from "../node/attach.ts";
import { createGateway } from "../node/create-gateway.ts";
import { createHttpHandler, type NodeHandler } from "../node/http.ts";
import { tellBroken } from "./broken.ts";
import { logEvent, logRefused } from "./logging.ts";
import { dataFolderOf, type MatrixGatewayOptions, pathsOf } from "./options.ts";
import { closeOnSignals } from "./signals.ts";

/** A gateway that answers upgrades and requests, and what ends it. */
export interface RunningGateway {
	/** Answers `HTTP_PATHS`. */
	readonly handle: NodeHandler;
	/** Closes all connections, and refuses new ones from then on. A second call waits for the first. */
	close(reason: "shutdown" | "restart"): Promise<void>;
	/** Stops listening to the server. */
	leave(): void;
}

/** Milliseconds. A client that does not answer holds up a restart, so it gets less time than in production. */
const STOP_TIMEOUT = 1_000;

/** Starts a gateway on a server of Vite's. */
export function startGateway(
	server: ViteDevServer | PreviewServer,
	upgradeServer: UpgradeServer,
	options: MatrixGatewayOptions,
	access: AccessOptions,
): RunningGateway {
	const { logger, base } = server.config;
	const { data: _, ...rest } = options;
	const data = dataFolderOf(options, server.config, !("ws" in server));
	const gateway = createGateway({
		...rest,
		...(data === undefined ? {} : { data }),
		onEvent: logEvent(logger, options.log ?? true),
		onBroken: (error) => tellBroken(logger, overlayOf(server), error),
	});
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
		leave() {
			detach();
			release();
		},
	};
}

/** Built pages have none. */
function overlayOf(server: ViteDevServer | PreviewServer) {
	return "ws" in server ? server.ws : undefined;
}
