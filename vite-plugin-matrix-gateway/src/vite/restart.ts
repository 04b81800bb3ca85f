/**
 * A restart of Vite's (a touched config) from old gateway to new.
 *
 * Vite makes a whole new server first. If one of its plugins throws, Vite keeps the old server.
 * Otherwise it then closes the old server, which destroys its sockets at once. So the new plugin
 * instance's gateway starts only when Vite closes the old server; there the old gateway closes its
 * connections with 1012, which would otherwise end with 1006, and leaves its world to the new one.
 * Until then, and after a failure, the old gateway serves.
 *
 * All of it runs within `server.restart()`, hence an AsyncLocalStorage tells which server it is,
 * even where a process has many.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ResolvedConfig, ViteDevServer } from "vite";
import type { LeftWorlds, RunningGateway } from "./running-gateway.ts";

/** Starts a gateway, which goes on with what another one has left, if any has its path. */
export type StartGateway = (left: readonly LeftWorlds[]) => RunningGateway;

/** Starts a gateway at once; in a restart, when Vite closes the old server. */
export function serveAcrossRestarts(
	server: ViteDevServer,
	start: StartGateway,
): void {
	// Two plugins on one server share its slot.
	const slot = slots.get(server) ?? followServer(server);
	const old = restartingSlot();
	if (!old || old === slot) slot.servings.push(start([]));
	else takeOverLater(old, slot, server.config, start);
}

/**
 * What serves one server, whichever plugin instances started it. A restart after an update of the
 * package hands it to another version of this module, so the names of its fields stay.
 */
interface Slot {
	servings: RunningGateway[];
	/** How many calls of `restart` have not ended. */
	restarts: number;
	/** What is to take over if Vite's restart succeeds. */
	next: Successor | undefined;
	/** What has taken over: after a restart the same object of Vite's stands for another server. */
	successor: Slot | undefined;
}

/** A server that Vite has made in a restart, and what it starts once it has replaced the old one. */
interface Successor {
	readonly slot: Slot;
	readonly config: ResolvedConfig;
	readonly starts: StartGateway[];
}

/** Vite 8.3 and later close a server by this method, in a restart as well; older ones by `close`. */
interface ClosableServer {
	_closeServer?(reason: "close" | "restart"): Promise<void>;
}

/** On globalThis, since a restart may load this module again. */
const KEY = Symbol.for("vite-plugin-matrix-gateway.restarts");
const shared = globalThis as {
	[KEY]?: {
		restarting: AsyncLocalStorage<Slot>;
		slots: WeakMap<ViteDevServer, Slot>;
	};
};
shared[KEY] ??= { restarting: new AsyncLocalStorage(), slots: new WeakMap() };
const { restarting, slots } = shared[KEY];

/** Whatever a restart has started, such as the server's sockets, still has the storage after it. */
function restartingSlot(): Slot | undefined {
	const slot = restarting.getStore();
	return slot && slot.restarts > 0 ? currentOf(slot) : undefined;
}

/** A restart that is asked for during another one is run by the new server. */
function currentOf(slot: Slot): Slot {
	return slot.successor ? currentOf(slot.successor) : slot;
}

/** What an earlier server of this restart was to start is dropped: that server has failed. */
function takeOverLater(
	old: Slot,
	slot: Slot,
	config: ResolvedConfig,
	start: StartGateway,
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
			await finishRestart(server, currentOf(slot));
		}
	};
	stopBeforeClose(server, slot);
	return slot;
}

/** Vite destroys its sockets when it closes, which would close connections with 1006 [SH]. */
function stopBeforeClose(
	server: ViteDevServer & ClosableServer,
	slot: Slot,
): void {
	let stopped: Promise<void> | undefined;
	const stop = (isRestart: boolean) => {
		stopped ??= handOver(slot, isRestart ? slot.next : undefined);
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

/** After a restart: what still waits is of a server that failed, or of one whose turn was not announced. */
async function finishRestart(server: ViteDevServer, slot: Slot): Promise<void> {
	const { next } = slot;
	if (next && next.config === server.config) await handOver(slot, next);
	else slot.next = undefined;
}

/** Closes all gateways of now; then starts the next ones, if there are any. */
async function handOver(
	slot: Slot,
	next: Successor | undefined,
): Promise<void> {
	const { servings } = slot;
	slot.servings = [];
	slot.next = undefined;
	slot.successor = next?.slot;
	const left = await Promise.all(
		servings.map((serving) => endServing(serving, next !== undefined)),
	);
	// In one turn: on a server of the app's own no request finds none of the two gateways.
	for (const { leave } of servings) leave();
	next?.slot.servings.push(...startAll(next, left.flat()));
}

async function endServing(
	serving: RunningGateway,
	isRestart: boolean,
): Promise<LeftWorlds[]> {
	// One that an older version of the package has started cannot.
	const { leaveWorlds }: Partial<RunningGateway> = serving;
	const left = isRestart ? await leaveWorlds?.() : undefined;
	// It is closed already where it has left its world.
	await serving.close(isRestart ? "restart" : "shutdown");
	return left ? [left] : [];
}

/** Vite cannot go back any more: an error at the start is logged, and the others start. */
function startAll(
	{ config, starts }: Successor,
	left: readonly LeftWorlds[],
): RunningGateway[] {
	return starts.flatMap((start) => {
		try {
			return [start(left)];
		} catch (error) {
			config.logger.error(String(error), { timestamp: true });
			return [];
		}
	});
}
