/**
 * A restart of Vite's (a touched config) from old gateway to new.
 *
 * Vite runs the new plugin instance's `configureServer` first and destroys the old sockets
 * next: that hook is the last moment in which clients can be told 1012 rather than lost with
 * 1006. So the new instance must find the old one. Both run within `server.restart()`, hence
 * an AsyncLocalStorage tells which server it is, even where a process has many.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ViteDevServer } from "vite";
import type { Serving } from "./serve.ts";

/** Starts serving in place of what served this server before, if anything did. */
export async function replaceAcrossRestarts(
	server: ViteDevServer,
	start: () => Serving,
): Promise<Serving> {
	const slot = restarting.getStore() ?? { serving: undefined };
	await slot.serving?.stop("restart");
	slot.serving = start();
	const restart = server.restart.bind(server);
	server.restart = (...args) => restarting.run(slot, restart, ...args);
	return slot.serving;
}

/** What serves one server now, whichever plugin instance started it. */
interface Slot {
	serving: Serving | undefined;
}

/** On globalThis, since a restart may load this module anew. */
const KEY = Symbol.for("vite-plugin-matrix-gateway.restarting");
const shared = globalThis as { [KEY]?: AsyncLocalStorage<Slot> };
shared[KEY] ??= new AsyncLocalStorage<Slot>();
const restarting = shared[KEY];
