/** What is wrong with agents, over the pages that are open, and over those that are opened meanwhile. */
import type { ErrorPayload, HotPayload, ViteDevServer } from "vite";
import type { DescribedError } from "../../agents/described-error.ts";
import { PLUGIN_NAME } from "../conflicts.ts";
import type { Source } from "./place.ts";

export interface Overlay {
	/** Shows an error in the place of what stood there for its file. */
	show(file: string, error: DescribedError, source: Source): void;
	/** Takes off what stands there for a file. */
	clear(file: string): void;
}

/**
 * A page whose first update comes while an overlay is there reloads, since it may have no module at all;
 * so each error is preceded by an update of nothing, which also takes off the overlay before it.
 */
const NOTHING: HotPayload = { type: "update", updates: [] };

export function createOverlay({ ws }: ViteDevServer): Overlay {
	const standing = new Map<string, ErrorPayload>();

	ws.on("connection", (socket) => {
		for (const payload of lastOf(standing))
			socket.send(JSON.stringify(payload));
	});

	/** Not by `ws.send`, which keeps an error for the next page where there is none. */
	function tell(): void {
		const payloads = lastOf(standing);
		for (const client of ws.clients)
			for (const payload of payloads.length > 0 ? payloads : [NOTHING])
				client.send(payload);
	}

	return {
		show(file, error, source) {
			const payload = toPayload(file, error, source);
			const before = standing.get(file);
			if (
				before?.err.message === payload.err.message &&
				before.err.stack === payload.err.stack
			)
				return;
			standing.delete(file);
			standing.set(file, payload);
			tell();
		},
		clear(file) {
			if (standing.delete(file)) tell();
		},
	};
}

/** The latest, since a page shows one. */
function lastOf(standing: ReadonlyMap<string, ErrorPayload>): HotPayload[] {
	const last = [...standing.values()].at(-1);
	return last ? [NOTHING, last] : [];
}

function toPayload(
	file: string,
	error: DescribedError,
	{ place, frame }: Source,
): ErrorPayload {
	return {
		type: "error",
		err: {
			message: messageOf(error),
			stack: callsOf(error),
			id: place?.file ?? file,
			...(place && { loc: place }),
			...(frame && { frame }),
			plugin: error.plugin ?? PLUGIN_NAME,
		},
	};
}

function messageOf({ name, message, plugin }: DescribedError): string {
	return plugin !== undefined || name === "Error"
		? message
		: `${name}: ${message}`;
}

/** The overlay shows the message above the stack, which begins with it as well. */
function callsOf({ stack }: DescribedError): string {
	return /^ {4}at [\s\S]*/m.exec(stack)?.[0] ?? "";
}
