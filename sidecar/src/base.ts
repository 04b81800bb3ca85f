/** A prefix that a proxy puts before all paths, as Vite's `base` is one. */
import type { IncomingMessage, Server } from "node:http";
import type { Settings } from "./settings.ts";

/** Lets a server answer below a base what it answers at the root. Before other listeners see the request. */
export function serveBelow(server: Server, base: string): void {
	server.prependListener("request", (request: IncomingMessage) => {
		const { url } = request;
		if (url?.startsWith(base)) request.url = url.slice(base.length - 1);
	});
}

/** The WebSocket's paths. */
export function webSocketPaths({ path, base = "/" }: Settings): string[] {
	return [...new Set([path, base + path.slice(1)])];
}
