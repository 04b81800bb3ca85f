/**
 * A restart of Vite's (a touched config) from old gateway to new.
 *
 * Vite makes a whole new server first, whose plugins may yet throw: then it serves on with the
 * old one. Next it closes the old one, which destroys its sockets at once. So what the new plugin
 * instance is to serve waits until Vite closes the old server, and clients are told 1012 there,
 * rather than lost with 1006. Until then the old gateway serves, and after a failure too.
 *
 * All of it runs within `server.restart()`, hence an AsyncLocalStorage tells which server it is,
 * even where a process has many.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ResolvedConfig, ViteDevServer } from "vite";
import type { Serving } from "./serve.ts";

/** Starts serving at once, or in place of what serves now, when Vite's restart has come so far. */
export function serveAcrossRestarts(
	server: ViteDevServer,
	start: () => Serving,
): void {
	// Two plugins on one server share its slot.
	const slot = slots.get(server) ?? followServer(server);
	const old = restartingSlot();
	if (!old || old === slot) slot.servings.push(start());
	else succeedLater(old, slot, server.config, start);
}

/** What serves one server, whichever plugin instances started it. */
interface Slot {
	servings: Serving[];
	/** How many calls of `restart` have not ended. */
	restarts: number;
	/** What is to take over if Vite's restart succeeds. */
	next: Successor | undefined;
	/** What has taken over: it is another server now, behind the same object of Vite's. */
	successor: Slot | undefined;
}

/** A server that Vite has made in a restart, and what it serves once it is in the old one's place. */
interface Successor {
	readonly slot: Slot;
	readonly config: ResolvedConfig;
	readonly starts: (() => Serving)[];
}

/** What Vite 8.3 and later close a server by, in a restart as well; before, `close` is all there is. */
interface ClosableServer {
	_closeServer?(reason: "close" | "restart"): Promise<void>;
}

/** On globalThis, since a restart may load this module anew. */
const KEY = Symbol.for("vite-plugin-matrix-gateway.restarts");
const shared = globalThis as {
	[KEY]?: {
		restarting: AsyncLocalStorage<Slot>;
		slots: WeakMap<ViteDevServer, Slot>;
	};
};
shared[KEY] ??= { restarting: new AsyncLocalStorage(), slots: new WeakMap() };
const { restarting, slots } = shared[KEY];

/** The storage outlives a restart in whatever that has started, such as the server's sockets. */
function restartingSlot(): Slot | undefined {
	const slot = restarting.getStore();
	return slot && slot.restarts > 0 ? currentOf(slot) : undefined;
}

/** Restarts that are asked for during another are done in its stead, from the new server on. */
function currentOf(slot: Slot): Slot {
	return slot.successor ? currentOf(slot.successor) : slot;
}

/** What an earlier server of this restart was to serve is dropped: it has failed. */
function succeedLater(
	old: Slot,
	slot: Slot,
	config: ResolvedConfig,
	start: () => Serving,
): void {
	if (old.next?.slot !== slot) old.next = { slot, config, starts: [] };
	old.next.starts.push(start);
}

function followServer(server: ViteDevServer): Slot {
	const slot: Slot = {
		servings: [],
		restarts: 0,
		next: undefined,
		successor: undefined,
	};
	slots.set(server, slot);
	const restart = server.restart.bind(server);
	server.restart = async (...args) => {
		slot.restarts++;
		try {
			await restarting.run(slot, restart, ...args);
		} finally {
			slot.restarts--;
			await settle(server, currentOf(slot));
		}
	};
	stopBeforeClose(server, slot);
	return slot;
}

/** Vite destroys its sockets when it closes, which would give clients 1006 [SH]. */
function stopBeforeClose(
	server: ViteDevServer & ClosableServer,
	slot: Slot,
): void {
	let stopped: Promise<void> | undefined;
	const stop = (isRestart: boolean) => {
		stopped ??= succeed(slot, isRestart ? slot.next : undefined);
		return stopped;
	};
	const closeServer = server._closeServer?.bind(server);
	const close = server.close.bind(server);
	if (closeServer)
		server._closeServer = async (reason) => {
			await stop(reason === "restart");
			await closeServer(reason);
		};
	else
		server.close = async () => {
			await stop(restartingSlot() === slot);
			await close();
		};
}

/** After a restart: what waits still was of a server that failed, or of one whose turn nobody told. */
async function settle(server: ViteDevServer, slot: Slot): Promise<void> {
	const { next } = slot;
	if (next && next.config === server.config) await succeed(slot, next);
	else slot.next = undefined;
}

/** Says goodbye to all that serves now; then what comes next serves, if anything does. */
async function succeed(slot: Slot, next: Successor | undefined): Promise<void> {
	const { servings } = slot;
	slot.servings = [];
	slot.next = undefined;
	slot.successor = next?.slot;
	const reason = next ? "restart" : "shutdown";
	await Promise.all(servings.map(({ close }) => close(reason)));
	// In one turn, so that in between nobody asks a server of the app's own in vain.
	for (const { leave } of servings) leave();
	next?.slot.servings.push(...startAll(next));
}

/** Vite has gone too far to turn back: what cannot start is told, and the others do. */
function startAll({ config, starts }: Successor): Serving[] {
	return starts.flatMap((start) => {
		try {
			return [start()];
		} catch (error) {
			config.logger.error(String(error), { timestamp: true });
			return [];
		}
	});
}
