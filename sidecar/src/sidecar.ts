/** The gateway as a process of its own. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
	type AccessOptions,
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
	const access = { ...settings, ...jwtOf(settings) };
	warnOfSecret(log, settings);
	const app = inWords(() => createApp(hub, access));
	const { server, listen } = createListener(app, settings);
	if (settings.base) serveBelow(server, settings.base);
	attach(server, hub, {
		...access,
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
function checkTogether(settings: Settings): void {
	const { data, redis, token, tokens, jwtSecret, jwtJwks } = settings;
	if (data !== undefined && redis !== undefined)
		throw new UsageError(
			"--data and --redis exclude each other: a world is in a folder or in Redis",
		);
	if (token !== undefined && tokens !== undefined)
		throw new UsageError(
			"--token and --tokens exclude each other: a token that everybody uses can be an entry of the file",
		);
	if (jwtSecret !== undefined && jwtJwks !== undefined)
		throw new UsageError("--jwt-secret and --jwt-jwks exclude each other");
	const hasJwt = jwtSecret !== undefined || jwtJwks !== undefined;
	if (token !== undefined && hasJwt)
		throw new UsageError(
			"--token excludes --jwt-secret and --jwt-jwks: --tokens goes together with them",
		);
	if (!hasJwt && (settings.jwtIssuer ?? settings.jwtAudience))
		throw new UsageError(
			"--jwt-issuer and --jwt-audience need --jwt-secret or --jwt-jwks",
		);
}

/** What is right of JSON Web Tokens, where there are any. */
function jwtOf(settings: Settings): Pick<AccessOptions, "jwt"> {
	const { jwtSecret, jwtJwks, jwtIssuer, jwtAudience, jwtClockSkew } = settings;
	const given = { secret: jwtSecret, jwks: jwtJwks, issuer: jwtIssuer };
	if (jwtSecret === undefined && jwtJwks === undefined) return {};
	return { jwt: { ...given, audience: jwtAudience, clockSkew: jwtClockSkew } };
}

/** RFC 7518 has it so long: who has one token tries all shorter ones. */
const SECRET_BYTES = 32;

function warnOfSecret(log: Logger, { jwtSecret }: Settings): void {
	if (jwtSecret !== undefined && Buffer.byteLength(jwtSecret) < SECRET_BYTES)
		log.warn(
			{ event: "weakSecret" },
			"--jwt-secret has less than 32 bytes: whoever has one token can find it out",
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
	const isOpen = token === undefined && tokens === undefined;
	if (isOpen && !jwtOf(settings).jwt && !isLoopback(bound.address))
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
