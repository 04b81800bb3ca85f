/** What becomes of agents, on Vite's console and over its pages. */
import { relative } from "node:path";
import colors from "picocolors";
import type { Logger } from "vite";
import type { AgentEvent } from "../../agents/agent-event.ts";
import type { DescribedError } from "../../agents/described-error.ts";
import type { Overlay } from "./overlay.ts";
import { type Source, sourceOf } from "./place.ts";

export interface TellingParts {
	readonly logger: Logger;
	readonly root: string;
	/** Where there are pages in development. */
	readonly overlay?: Overlay;
}

/** Milliseconds for which an error that comes again and again is not told again. */
const REPEATED = 5_000;

export function createTelling({
	logger,
	root,
	overlay,
}: TellingParts): (event: AgentEvent) => void {
	const told = new Map<string, number>();

	function tellError(event: AgentEvent, error: DescribedError, then: string) {
		const source = sourceOf(error, root);
		overlay?.show(event.file, error, source);
		const text = `${relative(root, event.file)} ${then}\n${inFull(error, source, root)}`;
		const now = performance.now();
		if (now - (told.get(text) ?? Number.NEGATIVE_INFINITY) < REPEATED) return;
		for (const [other, at] of told)
			if (now - at >= REPEATED) told.delete(other);
		told.set(text, now);
		say("error", event, text);
	}

	function say(
		level: "info" | "warn" | "error",
		{ name }: AgentEvent,
		text: string,
	) {
		const tag = colors.green("[matrix]");
		logger[level](`${tag} ${colors.bold(name)} ${text}`, { timestamp: true });
	}

	return (event) => {
		switch (event.event) {
			case "began":
				overlay?.clear(event.file);
				break;
			case "unloadable":
				tellError(event, event.error, event.goesOn ? GOES_ON : CANNOT);
				break;
			case "failed":
				tellError(
					event,
					event.error,
					`has ended, and ${again(event.retryIn)}:`,
				);
				break;
			case "uncaught":
				tellError(event, event.error, "has met an error, and goes on:");
				break;
			case "ended": {
				const { reason: message, retryIn } = event;
				const error = { name: "Error", message, stack: "" };
				tellError(event, error, `has ended, and ${again(retryIn)}:`);
				break;
			}
			case "warned":
				say("warn", event, event.text);
				break;
			case "printed":
				logger.info(`${colors.dim(`[${event.name}]`)} ${event.line}`);
		}
	};
}

const GOES_ON = "cannot be loaded, and goes on as it was before:";
const CANNOT = "cannot be loaded:";

function again(milliseconds: number): string {
	return `begins anew in ${Math.round(milliseconds / 1000)} s`;
}

/** With the place, where it is not in the stack, and the source. */
function inFull(
	error: DescribedError,
	{ place, frame }: Source,
	root: string,
): string {
	const where =
		place && `${relative(root, place.file)}:${place.line}:${place.column + 1}`;
	return [error.stack || error.message, where, frame]
		.filter(Boolean)
		.join("\n");
}
