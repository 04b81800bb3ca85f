/** The gateway as a process of its own. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
	attach,
	createHub,
	DataError,
	type Hub,
	TokensError,
} from "vite-plugin-matrix-gateway/server";
import { authoritiesOf, isLoopback } from "./addresses.ts";
import { createApp } from "./app.ts";
import { serveBelow, webSocketPaths } from "./base.ts";
import { ExitError, UsageError } from "./errors.ts";
import { createListener } from "./listening.ts";
import {
	createLogger,
	type Logger,
	logEvent,
	logRefused,
	logTokens,
} from "./logging.ts";
import type { Settings } from "./settings.ts";
import {
	exitOnBroken,
	exitOnBug,
	exitOnUnfit,
	shutDownOnSignals,
} from "./shutdown.ts";
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
	checkTogether(settings);
	const log = await createLogger(settings);
	exitOnBug(log);
	warnOfVariables(log, unknownVariables);
	const hub: Hub = inWords(() =>
		createHub({
			...settings,
			onEvent: (event) => logEvent(log, event),
			onBroken: (error) => exitOnBroken({ hub, log }, error),
			onUnfit: (reason) => exitOnUnfit({ hub, log }, reason),
		}),
	);
	const app = inWords(() => createApp(hub, settings));
	const { server, listen } = createListener(app, settings);
	if (settings.base) serveBelow(server, settings.base);
	attach(server, hub, {
		...settings,
		paths: webSocketPaths(settings),
		otherUpgrades: "refuse",
		onRefused: (refused) => logRefused(log, refused),
		onTokens: (event) => logTokens(log, event),
	});
	shutDownOnSignals({ ...settings, hub, server, log });
	await listen();
	server.on("error", (error) => log.error({ event: "server", err: error }));
	announce(server, settings, log);
}

/** @throws UsageError where settings exclude each other. */
function checkTogether({ data, redis, token, tokens }: Settings): void {
	if (data !== undefined && redis !== undefined)
		throw new UsageError(
			"--data and --redis exclude each other: a world is in a folder or in Redis",
		);
	if (token !== undefined && tokens !== undefined)
		throw new UsageError(
			"--token and --tokens exclude each other: a token that everybody uses can be an entry of the file",
		);
}

/** @throws ExitError where data cannot be had, or a file is not what it has to be. */
function inWords<Made>(make: () => Made): Made {
	try {
		return make();
	} catch (error) {
		if (error instanceof DataError) throw new ExitError(error.message);
		if (error instanceof TokensError)
			throw new ExitError(`--tokens: ${error.message}`);
		throw error;
	}
}

/** Says where it listens, and how open that is. */
function announce(server: Server, settings: Settings, log: Logger): void {
	const bound = server.address() as AddressInfo;
	const authorities = authoritiesOf(bound);
	const urls = authorities.map((host) => `ws://${host}${settings.path}`);
	const http = authorities.map((host) => `http://${host}/`);
	log.info(
		{
			event: "listening",
			host: bound.address,
			port: bound.port,
			urls,
			http,
			static: settings.static,
		},
		`listening on ${urls[0]} and ${http[0]}`,
	);
	const { token, tokens } = settings;
	if (token === undefined && tokens === undefined && !isLoopback(bound.address))
		log.warn(
			{ event: "open" },
			"NO TOKEN: whoever can reach this address can connect, listen and speak. Set MATRIX_GATEWAY_TOKEN, or --host 127.0.0.1",
		);
}

function warnOfVariables(log: Logger, variables: readonly string[]): void {
	if (variables.length > 0)
		log.warn(
			{ event: "environment", variables },
			"environment variables that are none of the gateway's",
		);
}
