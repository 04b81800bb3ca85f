/** The gateway as a process of its own. */
import type { RunningAgents } from "vite-plugin-matrix-gateway/agents";
import { createMetrics } from "vite-plugin-matrix-gateway/metrics";
import {
	attach,
	createHub,
	DataError,
	type Hub,
	type Operated,
	TokensError,
} from "vite-plugin-matrix-gateway/server";
import { accessOf, checkTogether, warnOfSecret } from "./access.ts";
import { startOwnAgents } from "./agents.ts";
import { announce } from "./announce.ts";
import { createApp } from "./app.ts";
import { serveBelow, webSocketPaths } from "./base.ts";
import { answerClientErrors } from "./client-errors.ts";
import { consoleOf, warnOfConsole } from "./console.ts";
import { makeRoomForDescriptors } from "./descriptors.ts";
import { ExitError } from "./errors.ts";
import { takeHandedSockets } from "./handed-sockets.ts";
import { createListener } from "./listening.ts";
import { loadMcp } from "./load-mcp.ts";
import {
	createLogger,
	type Logger,
	logEvent,
	logOperated,
	logRefused,
	logTokens,
} from "./logging.ts";
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
	void makeRoomForDescriptors();
	const handed = takeHandedSockets(process.env, process.pid);
	checkTogether(settings);
	const files = tlsFilesOf(settings);
	const certificate = files && readCertificate(files);
	const log = await createLogger(settings);
	let serving: Hub | undefined;
	exitOnBug(log, () => serving);
	warnOfVariables(log, unknownVariables);
	const access = accessOf(settings);
	const hub: Hub = inWords(() =>
		createHub({
			...access,
			onEvent: (event) => logEvent(log, event),
			onBroken: (error) => exitOnBroken({ hub, log }, error),
			onUnfit: (reason) => exitOnUnfit({ hub, log }, reason),
		}),
	);
	serving = hub;
	warnOfSecret(log, settings);
	warnOfConsole(log, settings);
	const { registry } = createMetrics(hub);
	const mcp = settings.mcp ? await loadMcp(settings) : undefined;
	const onOperated = (operated: Operated) => logOperated(log, operated);
	const app = inWords(() =>
		createApp(hub, {
			...{ ...access, metrics: registry, mcp, onOperated },
			console: consoleOf(settings),
		}),
	);
	const { upgradeTimeout } = settings;
	const listener = createListener(app, { certificate, upgradeTimeout });
	const { server } = listener;
	if (settings.base) serveBelow(server, settings.base);
	logRequests(server, settings, log);
	answerClientErrors(server, log);
	attach(server, hub, {
		...access,
		paths: webSocketPaths(settings),
		otherUpgrades: "refuse",
		onRefused: (refused) => logRefused(log, refused),
		onTokens: (event) => logTokens(log, event),
	});
	const reload =
		files &&
		certificate &&
		rotateCertificate({ server, certificate, files, log });
	let agents: RunningAgents | undefined;
	const stopAgents = () => agents?.stop();
	shutDownOnSignals({ ...settings, hub, listener, log, reload, stopAgents });
	const addresses = await listener.listen(placesOf(settings, handed));
	server.on("error", (error) => log.error({ event: "server", err: error }));
	await serveMetrics(registry, settings, log);
	announce(addresses, settings, log);
	agents = startOwnAgents(hub, settings, log);
}

/** @throws ExitError where data cannot be had, or a file is not what it has to be. */
function inWords<Made>(make: () => Made): Made {
	try {
		return make();
	} catch (error) {
		if (error instanceof DataError)
			throw new ExitError(`--data: ${error.message}`);
		if (error instanceof TokensError)
			throw new ExitError(`--tokens: ${error.message}`);
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
