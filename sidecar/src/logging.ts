/** What is logged: one line an event, and never a token. */
import { type Logger, pino } from "pino";
import type {
	HubEvent,
	Operated,
	RefusedUpgrade,
	TokensEvent,
} from "vite-plugin-matrix-gateway/server";
import { createLogOutput } from "./log-output.ts";
import type { Settings } from "./settings.ts";

export type { Logger };

/** Creates the logger, on standard output. */
export async function createLogger({
	logLevel,
	logFormat = process.stdout.isTTY ? "pretty" : "json",
}: Pick<Settings, "logLevel" | "logFormat">): Promise<Logger> {
	const options = {
		level: logLevel,
		base: null,
		timestamp: createTimestamp(),
		formatters: { level: (level: string) => ({ level }) },
		serializers: { err: describeError },
	};
	// Nobody reads it any more: no reason to end.
	process.stdout.on("error", () => {});
	if (logFormat === "json") {
		const output = createLogOutput(process.stdout);
		process.on("exit", output.flush);
		return pino(options, output);
	}
	// Loaded when it is needed: it costs more time to start than all the rest of the logging.
	const { default: pretty } = await import("pino-pretty");
	return pino(options, pretty({ sync: true, singleLine: true }));
}

/** ISO 8601, as pino's own. That one makes it anew for each line, a quarter of what a line costs. */
export function createTimestamp(): () => string {
	let madeAt = Number.NaN;
	let text = "";
	return () => {
		const now = Date.now();
		if (now !== madeAt) text = `,"time":"${new Date(now).toISOString()}"`;
		madeAt = now;
		return text;
	};
}

/** Resolves when all that was logged is written, which takes as long as its reader does. */
export function allWritten(log: Logger): Promise<void> {
	log.flush();
	return new Promise((resolve) => {
		process.stdout.write("", () => resolve());
	});
}

/** Logs what the gateway tells of itself. */
export function logEvent(log: Logger, event: HubEvent): void {
	log[levelOf(event)](fieldsOf(event), TEXTS[event.event]);
}

/** Logs an upgrade that was refused, with what to do about it. */
export function logRefused(log: Logger, refused: RefusedUpgrade): void {
	const { error, ...fields } = refused;
	const hint = HINTS[refused.status];
	const level = refused.status === INTERNAL_ERROR ? "error" : "warn";
	log[level](
		{ event: "refused", ...fields, hint, err: error },
		"refused an upgrade",
	);
}

/** Logs what an operator has done, for who asks later. */
export function logOperated(log: Logger, operated: Operated): void {
	log.warn({ event: "operated", ...operated }, OPERATED[operated.action]);
}

const OPERATED: Readonly<Record<Operated["action"], string>> = {
	revoke: "an operator has revoked a token",
	disconnect: "an operator has disconnected somebody",
	drain: "an operator has ended the process",
};

/** Logs what a change of the file of tokens brought, or why it is not followed. */
export function logTokens(log: Logger, event: TokensEvent): void {
	const { reason, added, changed, removed } = event;
	if (reason !== undefined) log.error(event, "the tokens are as they were");
	else if (added + changed + removed > 0)
		log.info(event, "the tokens are others");
	else log.info(event, "the file of tokens is right again, and as it was");
}

/** The close code for an error of the gateway's own [ERR3]. */
const INTERNAL_ERROR = 1011;

const TEXTS: Readonly<Record<HubEvent["event"], string>> = {
	connected: "connected",
	joined: "agent joined",
	left: "agent left",
	replaced: "agent taken over by a newer connection",
	resumed: "came back",
	notResumed: "came back, and begins anew",
	detached: "gone, and may come back",
	unrevoked:
		"so many tokens are revoked that the one that was revoked first is forgotten",
	closing: "closing a connection",
	disconnected: "disconnected",
	failed: "an error of the gateway's own ended a connection",
	ended: "the world goes on without this process",
	nativeIo: "slower than it could be",
	restored: "the world is as it was",
	tornTail: "the last entry is not whole, and is not read",
	damaged: "some of the data is lost",
	degraded: "the world is not kept",
	durable: "the world is kept again",
	worldBegun: "a world begins",
	worldEnded: "a world has ended, since nobody was in it",
	behind: "what is sent waits",
	caughtUp: "what is sent goes on",
	historyLost: "Redis has lost some of the world: it goes on from what is left",
};

const HINTS: Readonly<Record<number, string>> = {
	429: "--max-connections-per-ip and --max-connections-per-token say how many; behind a proxy all have its address, unless --trust-proxy names it",
	403: "--allowed-origin lets the pages of an origin in; a proxy has to pass on the Host that a browser sends, or X-Forwarded-Host with --trust-proxy",
	404: "the WebSocket is at --path, and --worlds says which worlds are below it",
	4001: "the client offered no token, or none that --token, --tokens or --jwt-… takes",
};

/** An error goes where its stack is written, and nothing else of it. */
function fieldsOf(event: HubEvent): object {
	if (event.event !== "failed") return event;
	const { error: err, ...fields } = event;
	return { ...fields, err };
}

/** Of those that are not told for information alone. */
const LEVELS: Partial<Record<HubEvent["event"], "warn" | "error">> = {
	failed: "error",
	ended: "warn",
	notResumed: "warn",
	unrevoked: "warn",
	nativeIo: "warn",
	tornTail: "warn",
	damaged: "error",
	degraded: "error",
	behind: "warn",
	historyLost: "error",
};

/** 4000 and up is what went wrong with one client. */
function levelOf(event: HubEvent): "info" | "warn" | "error" {
	const level = LEVELS[event.event];
	if (level) return level;
	return event.event === "closing" && event.code >= 4000 ? "warn" : "info";
}

/** Not its other properties: Node puts a URL, and with it perhaps a token, into some. */
export function describeError(error: unknown): object {
	if (!(error instanceof Error)) return { message: withoutQuotes(error) };
	const { name, message, stack } = error;
	return {
		name,
		message: withoutQuotes(message),
		...(stack !== undefined && { stack: withoutQuotes(stack) }),
	};
}

/**
 * What Node and V8 quote in the texts of their errors: a token, part of what is no JSON, a value of
 * another type than was asked for.
 */
const QUOTED =
	/(?<=[?&]token=)[^\s&"'<>)]+|"[\s\S]*?"(?=(?:\.\.\.)? is not valid JSON)|(?<=\. Received [^\n]*?)(?:'.*'|".*"|`.*`)/g;

function withoutQuotes(text: unknown): string {
	return String(text).replace(QUOTED, "…");
}
