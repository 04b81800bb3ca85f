/** Events on Vite's console. */
import colors from "picocolors";
import type { Logger } from "vite";
import { CLOSE } from "../core/protocol/protocol.ts";
import type { Operated } from "../node/http/operate/operated.ts";
import type { HubEvent } from "../node/hub-options.ts";
import type { TokensEvent } from "../node/tokens/token-file.ts";
import type { RefusedUpgrade } from "../node/upgrade.ts";

/** Prints errors of the gateway's own and, unless it is not to be, agents that come and go. */
export function logEvent(
	logger: Logger,
	withPresence: boolean,
): (event: HubEvent) => void {
	return (event) => {
		if (event.event === "failed") logFailed(logger, event.error);
		logData(logger, event);
		const text = withPresence && describe(event);
		if (text) logger.info(tagged(text, event), { timestamp: true });
	};
}

function logFailed(logger: Logger, error: unknown): void {
	logger.error(
		tagged(
			`an error of the gateway's own ended a connection\n${traceOf(error)}`,
		),
		{ timestamp: true },
	);
}

/** What is lost is told always. */
function logData(logger: Logger, event: HubEvent): void {
	const text = describeLoss(event);
	if (text) logger.error(tagged(text, event), { timestamp: true });
}

function describeLoss(event: HubEvent): string | undefined {
	switch (event.event) {
		case "tornTail":
			return `the last ${event.bytes} bytes of ${event.file} are no whole entry, and are not read`;
		case "damaged":
			return `${event.file}: ${event.reason}`;
		case "degraded":
			return event.reason;
		case "unrevoked":
			return "so many tokens are revoked that the one that was revoked first is forgotten";
		case "ended":
			return `the world goes on without this process: ${event.reason}`;
		default:
			return undefined;
	}
}

/** Prints the error that broke the gateway's state, and what brings it back [ERR3]. */
export function logBroken(logger: Logger, error: unknown): void {
	logger.error(tagged(`${BROKEN}\n${traceOf(error)}`), { timestamp: true });
}

/** What happened, and what to do about it. */
export const BROKEN =
	"The Matrix gateway met an error of its own and is closed; all else of Vite goes on. Restart Vite (r + enter, or save its config) for a fresh gateway.";

/** Prints a refused upgrade, with what to do about it. */
export function logRefused(logger: Logger, refused: RefusedUpgrade): void {
	const { status, reason, error } = refused;
	const level = status === CLOSE.internalError.code ? "error" : "warn";
	const from = refused.origin ?? refused.remoteAddress ?? "an unknown address";
	const hint = HINTS[status] ?? "";
	const trace = error === undefined ? "" : `\n${traceOf(error)}`;
	logger[level](
		tagged(`refused ${from}: ${reason} (${status})${hint}${trace}`, refused),
		{
			timestamp: true,
		},
	);
}

/** Prints what an operator has done. */
export function logOperated(logger: Logger, operated: Operated): void {
	const { action, by = "an operator", found, name } = operated;
	const whom = operated.agentId ?? operated.connectionId ?? "somebody";
	const what = {
		revoke: `revoked ${name === undefined ? "a token" : `the token of ${name}`}`,
		disconnect: `disconnected ${whom}${found ? "" : ", who was not there"}`,
		drain: "had the gateway begin anew",
	}[action];
	logger.warn(tagged(`${by} ${what}`), { timestamp: true });
}

/** Prints what a change of the file of tokens brought, or why it is not followed. */
export function logTokens(logger: Logger): (event: TokensEvent) => void {
	return ({ reason, entries, added, changed, removed }) => {
		const what =
			reason === undefined
				? `${entries} tokens: ${added} new, ${changed} changed, ${removed} gone`
				: `the tokens are as they were: ${reason}`;
		const level = reason === undefined ? "info" : "error";
		logger[level](tagged(what), { timestamp: true });
	};
}

const HINTS: Readonly<Record<number, string>> = {
	403: "; to let this page in, add it to `allowedOrigins`; a proxy has to pass on the `Host` that a browser sends",
};

function describe(event: HubEvent): string | undefined {
	switch (event.event) {
		case "joined":
			return `${colors.bold(event.agentId)} joined as ${event.role}`;
		case "left":
			return `${colors.bold(event.agentId)} left (${event.reason})`;
		case "replaced":
			return `${colors.bold(event.agentId)} was taken over by a newer connection`;
		case "nativeIo":
			return `slower than it could be: ${event.reason}`;
		case "restored":
			return `the world is as it was: ${event.agents} agents, ${event.retained} retained messages`;
		case "durable":
			return "the world is kept again";
		case "worldBegun":
			return "a world begins";
		case "worldEnded":
			return "the world has ended, since nobody was in it";
		default:
			return undefined;
	}
}

/** @param of What it is of: `default` needs not be named. */
function tagged(text: string, of: { readonly world?: string } = {}): string {
	const world = of.world === undefined ? "" : `${colors.cyan(of.world)}: `;
	return `${colors.green("[matrix]")} ${world}${text}`;
}

/** Not an error's other properties: some libraries put a URL there, which may hold a token. */
function traceOf(error: unknown): string {
	return error instanceof Error ? String(error.stack) : String(error);
}
