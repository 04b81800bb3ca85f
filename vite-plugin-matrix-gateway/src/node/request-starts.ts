/**
 * Tells of each request over HTTP/1 that a server has read, those that it refuses by itself included. To listen for `request` would change
 * a server of HTTP/2, and a host may take all its listeners off.
 */
import { subscribe } from "node:diagnostics_channel";
import type { Duplex } from "node:stream";

type Listener = (socket: Duplex) => void;

/** The channel never forgets who listens to it, so it knows nobody's server. */
const listeners = new WeakMap<object, Set<Listener>>();
let isSubscribed = false;

/** Tells whose request it was. Returns what ends that. */
export function onRequestStart(server: object, listener: Listener): () => void {
	if (!isSubscribed) subscribe("http.server.request.start", tell);
	isSubscribed = true;
	const all = listeners.get(server) ?? new Set();
	listeners.set(server, all.add(listener));
	return () => void all.delete(listener);
}

function tell(message: unknown): void {
	const { server, socket } = message as { server: object; socket: Duplex };
	for (const listener of listeners.get(server) ?? []) listener(socket);
}
