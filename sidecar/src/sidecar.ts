/** The gateway as a process of its own. */
import { createMetrics } from "vite-plugin-matrix-gateway/metrics";
import {
	attach,
	createHub,
	DataError,
	type Hub,
	type HubOptions,
} from "vite-plugin-matrix-gateway/server";
import { announce } from "./announce.ts";
import { createApp } from "./app.ts";
import { serveBelow, webSocketPaths } from "./base.ts";
import { ExitError, UsageError } from "./errors.ts";
import { takeHandedSockets } from "./handed-sockets.ts";
import { createListener } from "./listening.ts";
import { createLogger, type Logger, logEvent, logRefused } from "./logging.ts";
import { serveMetrics } from "./metrics-server.ts";
import { placesOf } from "./places.ts";
import { logRequests } from "./request-log.ts";
import type { Settings } from "./settings.ts";
import {
	exitOnBroken,
	exitOnBug,
	exitOnUnfit,
	shutDownOnSignals,
} from "./shutdown.ts";
import { readCertificate, tlsFilesOf } from "./tls-files.ts";
import { rotateCertificate } from "./tls-rotation.ts";
import { tuneV8 } from "./v8-flags.ts";

/** What the operator chose. */
export interface SidecarOptions {
	readonly settings: Settings;
	/** Variables that begin as ours do and are not; most likely misspelled. */
	readonly unknownVariables: readonly string[];
}

/**
 * Starts the gateway, and resolves when it listens.
 * @throws ExitError when it cannot.
 */
export async function startSidecar({
	settings,
	unknownVariables,
}: SidecarOptions): Promise<void> {
	tuneV8();
	const handed = takeHandedSockets(process.env, process.pid);
	if (settings.data !== undefined && settings.redis !== undefined)
		throw new UsageError(
			"--data and --redis exclude each other: a world is in a folder or in Redis",
		);
	const files = tlsFilesOf(settings);
	const certificate = files && readCertificate(files);
	const log = await createLogger(settings);
	let serving: Hub | undefined;
	exitOnBug(log, () => serving);
	warnOfVariables(log, unknownVariables);
	const hub: Hub = createOrExit({
		...settings,
		onEvent: (event) => logEvent(log, event),
		onBroken: (error) => exitOnBroken({ hub, log }, error),
		onUnfit: (reason) => exitOnUnfit({ hub, log }, reason),
	});
	serving = hub;
	const { registry, countRefused } = createMetrics(hub);
	const app = createApp(hub, { ...settings, metrics: registry });
	const listener = createListener(app, certificate);
	const { server } = listener;
	if (settings.base) serveBelow(server, settings.base);
	logRequests(server, settings, log);
	attach(server, hub, {
		...settings,
		paths: webSocketPaths(settings),
		otherUpgrades: "refuse",
		onRefused(refused) {
			countRefused(refused);
			logRefused(log, refused);
		},
	});
	const reload =
		files &&
		certificate &&
		rotateCertificate({ server, certificate, files, log });
	shutDownOnSignals({ ...settings, hub, listener, log, reload });
	const addresses = await listener.listen(placesOf(settings, handed));
	server.on("error", (error) => log.error({ event: "server", err: error }));
	await serveMetrics(registry, settings, log);
	announce(addresses, settings, log);
}

/** @throws ExitError where its data cannot be had. */
function createOrExit(options: HubOptions): Hub {
	try {
		return createHub(options);
	} catch (error) {
		if (error instanceof DataError)
			throw new ExitError(`--data: ${error.message}`);
		throw error;
	}
}

function warnOfVariables(log: Logger, variables: readonly string[]): void {
	if (variables.length > 0)
		log.warn(
			{ event: "environment", variables },
			"environment variables that are none of the gateway's",
		);
}
