/** The end of the process: asked for by a signal, or forced by a bug. */
import { closeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isatty } from "node:tty";
import type { Hub, ShutdownOptions } from "vite-plugin-matrix-gateway/server";
import type { Listener } from "./listening.ts";
import { allWritten, type Logger } from "./logging.ts";
import { SIGNALS } from "./signals.ts";

/** What a shutdown has to end. */
export interface Running {
	readonly hub: Hub;
	readonly listener: Listener;
	readonly log: Logger;
	/** Milliseconds over which clients spread their return. */
	readonly reconnectAfter: number;
	/** Has agents of this process clean up, and leave, before anybody else is told; where there are any. */
	stopAgents(): Promise<void> | undefined;
	/** Reads again what may have changed, where there is such: for a SIGHUP that no terminal sends. */
	readonly reload?: (() => void) | undefined;
}

/**
 * Shuts down on the first of the signals; the second one, of any kind, ends the process at once [SH]: but
 * not while agents clean up, or npm, which sends Ctrl-C twice, would keep everyone from being told.
 */
export function shutDownOnSignals(running: Running): void {
	let stopping = false;
	let leaving: Promise<void> | undefined;
	const onSignal = (signal: NodeJS.Signals) => {
		const { log, reload } = running;
		log.info({ event: "signal", signal }, `got ${signal}`);
		if (signal === "SIGHUP" && reload && !stopping && areTerminalsThere()) {
			reload();
			return;
		}
		if (leaving) return;
		if (stopping) exit(1);
		stopping = true;
		leaving = running.stopAgents();
		const end = () => {
			leaving = undefined;
			shutDown(running).then(() => exit(0));
		};
		if (leaving) leaving.then(end);
		else end();
	};
	for (const signal of SIGNALS) process.on(signal, onSignal);
}

/**
 * Logs a bug before the process ends by it, and tells everyone to come back: in which state it
 * would go on, nobody knows.
 * @param hub Once there is one.
 */
export function exitOnBug(log: Logger, hub: () => Hub | undefined): void {
	let isEnding = false;
	process.on("uncaughtException", (error) => {
		log.fatal({ event: "bug", err: error }, "unexpected error");
		const serving = hub();
		if (isEnding || !serving) exit(1);
		isEnding = true;
		exitAfterClosing({ hub: serving, log }, { reason: "restart" }).catch(() =>
			exit(1),
		);
	});
	process.on("unhandledRejection", (error) => {
		if (!isOfFetch(error)) throw error;
		const text = "Node's fetch does not work here, and nobody needs it";
		log.info({ event: "fetch", err: error }, text);
	});
}

/**
 * Until Node 24 `Response`, which h3 uses, brings a parser for `fetch` in WebAssembly, which fails in
 * a promise of its own where there is no room for its memory, or no WebAssembly.
 */
function isOfFetch(error: unknown): boolean {
	return (
		error instanceof Error && /\bat lazyllhttp \(node:/.test(`${error.stack}`)
	);
}

/** Ends the process by an error that broke the gateway's state [ERR3]. */
export function exitOnBroken(running: Failed, error: unknown): Promise<never> {
	const text = "an error of the gateway's own broke its state";
	running.log.fatal({ event: "broken", err: error }, text);
	return exitAfterClosing(running);
}

/** Ends the process since others share its world by other options. */
export function exitOnUnfit(running: Failed, reason: string): Promise<never> {
	running.log.fatal(
		{ event: "unfit", reason },
		"this process may not take part",
	);
	process.stderr.write(`matrix-gateway: ${reason}\n`);
	return exitAfterClosing(running);
}

/** What serves no more. */
type Failed = Pick<Running, "hub" | "log">;

/** All are told to come back; their close frames, and the log, have a bounded time to go out. */
async function exitAfterClosing(
	{ hub, log }: Failed,
	options?: ShutdownOptions,
): Promise<never> {
	const late = delay(LAST_TIMEOUT);
	await Promise.race([hub.close(options), late]);
	await Promise.race([allWritten(log), late]);
	exit(1);
}

/** The standard streams that were a terminal when the process began. */
const TERMINALS = [0, 1, 2].filter(isatty);

/** Whether SIGHUP says something else than that they are gone. */
function areTerminalsThere(): boolean {
	return TERMINALS.every((terminal) => isatty(terminal));
}

/**
 * Node resets its terminals at the end, and aborts where it cannot (exit code 134), as where one is
 * gone; those that are closed it passes over. Not sooner: a socket would get the number.
 */
function exit(code: number): never {
	for (const terminal of TERMINALS) if (!isatty(terminal)) closeSync(terminal);
	process.exit(code);
}

/** How long answers that are on their way, and the log, may take once the gateway is closed. */
const LAST_TIMEOUT = 1_000;

/** The hub goes first: the server would wait for its sockets for ever. */
async function shutDown({
	hub,
	listener,
	log,
	reconnectAfter,
}: Running): Promise<void> {
	listener.leaveHanded();
	await hub.close({ reconnectAfter });
	const late = delay(LAST_TIMEOUT);
	await Promise.race([listener.close(), late]);
	log.info({ event: "stopped" }, "stopped");
	await Promise.race([allWritten(log), late]);
}
