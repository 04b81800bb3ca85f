/** Events on Vite's console. */
import colors from "picocolors";
import type { Logger } from "vite";
import type { NodeGatewayEvent } from "../node/node-gateway.ts";
import type { RefusedUpgrade } from "../node/upgrade.ts";

/** Prints agents that come and go. */
export function logEvent(logger: Logger): (event: NodeGatewayEvent) => void {
	return (event) => {
		const text = describe(event);
		if (text) logger.info(tagged(text), { timestamp: true });
	};
}

/** Prints a refused upgrade, with what to do about it. */
export function logRefused(logger: Logger, refused: RefusedUpgrade): void {
	const { status, reason, error } = refused;
	const from = refused.origin ?? refused.remoteAddress ?? "an unknown address";
	const hint = HINTS[status] ?? "";
	const trace = error === undefined ? "" : `\n${traceOf(error)}`;
	logger.warn(tagged(`refused ${from}: ${reason} (${status})${hint}${trace}`), {
		timestamp: true,
	});
}

const HINTS: Readonly<Record<number, string>> = {
	403: "; to let this page in, add it to `allowedOrigins`; a proxy has to pass on the `Host` that a browser sends",
};

function describe(event: NodeGatewayEvent): string | undefined {
	switch (event.event) {
		case "joined":
			return `${colors.bold(event.agentId)} joined as ${event.role}`;
		case "left":
			return `${colors.bold(event.agentId)} left (${event.reason})`;
		case "replaced":
			return `${colors.bold(event.agentId)} was taken over by a newer connection`;
		case "nativeIo":
			return `slower than it could be: ${event.reason}`;
		default:
			return undefined;
	}
}

function tagged(text: string): string {
	return `${colors.green("[matrix]")} ${text}`;
}

/** Not an error's other properties: libraries put a URL, and with it perhaps a token, into some. */
function traceOf(error: unknown): string {
	return error instanceof Error ? String(error.stack) : String(error);
}
